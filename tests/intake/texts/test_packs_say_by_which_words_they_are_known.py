"""Every mechanism that is registered by itself has words that an official text uses, and no two share one."""

from collections import Counter

from bihuan.intake.official import hints
from bihuan.intake.text.hints import find_mechanism


def test_every_mechanism_has_words_of_its_own() -> None:
    found = dict(hints())
    assert {"audit_rectification", "meeting_decision", "mediation"} <= set(found)
    assert [key for key, words in found.items() if not words[0]] == []
    assert len(found["audit_rectification"]) > 3
    shared = Counter(word for words in found.values() for word in set(words))
    assert [word for word, count in shared.items() if count > 1] == []


def test_sentences_of_a_city_find_their_mechanism() -> None:
    for sentence, key in (
        ("会议要求，被审计单位要逐条制定审计整改方案。", "audit_rectification"),
        ("会议决定，由市财政局统筹安排。", "meeting_decision"),
        ("要积极开展矛盾纠纷排查化解。", "dispute_screening"),
        ("市水务局要对渗漏点倒排工期，完成除险加固。", "hazard"),
        ("要对入河排污口再排查。", "eco_rectification"),
        ("今天天气晴朗。", None),
    ):
        assert find_mechanism(hints(), sentence)[0] == key, sentence
