"""What a command wrote is found at once, and an index that somebody spoilt is made anew by one."""

import pytest

from bihuan.ledger.models import Matter, SearchPending, SearchPosting
from bihuan.ledger.search import mentions
from bihuan.ledger.search_index import catch_up
from clerks_table import row


def test_an_import_leaves_nothing_for_the_first_search_to_wait_for(city, bihuan, tmp_path, settings) -> None:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    path = tmp_path / "台账.csv"
    lines = [list(row(1)), *(list(row(number).values()) for number in range(1, 9))]
    path.write_text("\n".join(",".join(map(str, each)) for each in lines), encoding="utf-8")
    asked = ("import", path, "--mechanism", "audit_rectification", "--as", "clerk", "--json")
    assert bihuan(*asked, "--dry-run").code == 0 and not SearchPosting.objects.exists()
    assert bihuan(*asked).json["summary"]["created"] == 8
    assert not SearchPending.objects.exists() and SearchPosting.objects.filter(gram="资金").exists()


@pytest.mark.parametrize("spoilt", ["emptied", "filled"])
def test_an_index_that_was_spoilt_is_made_anew_and_nothing_else_changes(city, bihuan, spoilt: str) -> None:
    found, other = city.register(description="量子纠缠"), city.register(description="别的文字")
    while catch_up():
        pass
    rows = SearchPosting.objects.filter(gram__in=["量子", "子纠", "纠缠"])
    if spoilt == "emptied":
        rows.delete()
    else:
        rows.update(bits=b"\x00\x00\x01\x00")
    assert spoilt == "filled" or not Matter.objects.filter(mentions("量子")).exists()
    before = list(Matter.objects.order_by("pk").values_list("pk", "version", "head", "state"))
    said = bihuan("search", "rebuild")
    assert said.code == 0 and "2" in said.out
    assert Matter.objects.filter(mentions("量子")).get().pk == found.pk != other.pk
    assert list(Matter.objects.order_by("pk").values_list("pk", "version", "head", "state")) == before
    assert not SearchPending.objects.exists()
