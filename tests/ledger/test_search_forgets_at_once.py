"""What was erased is in no table of the index when the act of erasing ends; what was overwritten finds no more."""

import pytest
from django.db import connection

from bihuan.ledger.models import Matter, SearchPending, SearchPosting, SearchText
from bihuan.ledger.redact import redact
from bihuan.ledger.search import mentions
from bihuan.ledger.search_index import catch_up
from city import City

SECRET = "欧阳龘靐"


def _erase(city: City, matter: Matter) -> None:
    slots = [(1, "set.responsible_person")]
    posts = {"post": city.posts["clerk"], "approver": city.posts["approver"]}
    redact(matter.pk, slots, ground="个人信息保护法第四十七条", now=city.now, **posts)


def _traces() -> list[str]:
    """Whatever of the secret is in the texts or the grams of the index."""
    texts = [text for text in SearchText.objects.values_list("text", flat=True) if set(text) & set(SECRET)]
    return texts + [gram for gram in SearchPosting.objects.values_list("gram", flat=True) if set(gram) & set(SECRET)]


def _finds(asked: str) -> bool:
    return Matter.objects.filter(mentions(asked)).exists()


@pytest.mark.parametrize("indexed", [True, False])
def test_an_erased_name_is_out_of_the_index_in_the_same_transaction(city: City, indexed: bool) -> None:
    matter = city.register(responsible_person=SECRET)
    city.register(responsible_person="别人")
    if indexed:
        catch_up()
        assert _traces()
    assert _finds("欧阳")
    _erase(city, matter)
    assert _traces() == []
    assert not _finds("欧阳")
    catch_up()
    assert _traces() == []
    assert _finds("别人") and _finds("结余资金")


def test_the_others_of_its_block_keep_what_they_share_with_it(city: City) -> None:
    matter, other = city.register(responsible_person="欧阳甲"), city.register(responsible_person="欧阳乙")
    catch_up()
    _erase(city, matter)
    assert list(Matter.objects.filter(mentions("欧阳"))) == [other]


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_the_file_itself_no_longer_holds_an_erased_name(transactional_db: None) -> None:
    from city import build_city

    city = build_city()
    matter = city.register(responsible_person=SECRET)
    catch_up()
    assert SECRET.encode() in _file()
    _erase(city, matter)
    assert SECRET.encode() not in _file()
    assert SECRET[:2].encode() not in _file()


def _file() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        name = cursor.execute("PRAGMA database_list").fetchone()[2]
    with open(name, "rb") as file:
        return file.read()


def test_an_overwritten_value_finds_no_more(city: City) -> None:
    matter = city.rectifying()
    city.act(matter, "report_progress", "liaison", values={"progress": "正在协调"})
    catch_up()
    assert _finds("正在协调")
    city.act(matter, "report_progress", "liaison", values={"progress": "已经落实"})
    assert not _finds("正在协调") and _finds("已经落实")
    catch_up()
    assert not _finds("正在协调") and _finds("已经落实")
    assert not SearchPosting.objects.filter(gram="协调").exists()


def test_what_a_refused_act_would_have_said_is_not_found(city: City) -> None:
    matter = city.rectifying()
    catch_up()
    with pytest.raises(Exception, match=r".+"):
        city.act(matter, "report_progress", "other", values={"progress": "越权填写"})
    assert not SearchPending.objects.exists()
    assert not _finds("越权")
