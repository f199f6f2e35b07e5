"""A file that is not a mechanism is refused with every problem: file, line, key, what was found and expected."""

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.mechanism.load import MechanismError, load

TEXT = (Path(__file__).parent / "closed.toml").read_text(encoding="utf-8")


def problems(text):
    with pytest.raises(MechanismError) as caught:
        load(text, name="light.toml")
    return caught.value.problems


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "key", "found", "expected"),
    [
        ('kind = "money"', 'kind = "mony"', "fields.cost.kind", "mony", "perhaps “money”"),
        ('kind = "money"', 'kind = "zz"', "fields.cost.kind", "zz", "one of: text, long_text"),
        ('held = "unit"', 'held = "team"', "roles.crew.held", "team", "unit"),
        ('owner = "checker"', 'ownr = "checker"', "stages.checking.ownr", "ownr", "perhaps “owner”"),
        ('en = "File it"\n', "", "actions.file", "no “en”", "to be given"),
        ('start = "received"\n', "", "", "no “start”", "to be given"),
        ("limit = 2", "limit = 0", "actions.send_back.limit", "0", "from 1 to 99"),
        ("limit = 2", 'limit = "2"', "actions.send_back.limit", "the text “2”", "from 1 to 99"),
        ("limit = 2", "limit = true", "actions.send_back.limit", "true", "from 1 to 99"),
        ("top = true", 'top = "yes"', "roles.director.top", "yes", "true or false"),
        ("{ at = 5,", "{ at = 5000,", "ladders.usual.rungs[3].at", "5000", "to 3660"),
        ("days = 2 }", "days = 2, months = 1 }", "deadline.terms.urgent", "2 lengths", "exactly one"),
        (", days = 2 }", " }", "deadline.terms.urgent", "0 lengths", "exactly one"),
        ('"registered", days', '"entered", days', "deadline.terms.urgent.from", "entered", "registered"),
        ('"registered", days', '"never", days', "deadline.terms.urgent.from", "never", "action:KEY"),
        ('"registered", days', "[], days", "deadline.terms.urgent.from", "an empty list", "at least 1"),
        ("cost > 500000", "cots > 500000", "computed.costly.value", "cots at column 1", "perhaps cost"),
        ("cost > 500000", "costly", "computed.costly", "need each other", "one after the other"),
        ('when = "open"', 'when = "open_children"', "indicators.open.when", "a whole number", "a condition"),
        ('urgency == "urgent"', "urgency == urgent", "actions.dispatch.to[1].when", "urgent", "a declared name"),
        ('by = ["checker"]\nrecord', "by = []\nrecord", "actions.call_back.by", "an empty list", "at least 1"),
        ('by = ["checker"]\nrecord', 'by = "checker"\nrecord', "actions.call_back.by", "checker", "a list"),
        (
            'by = ["checker"]\nrecord', 'by = ["checker", "checker"]\nrecord',
            "actions.call_back.by", "“checker” twice", "each name once",
        ),
        ('key = "street_light"', 'key = "Street Light"', "key", "Street Light", "small letters"),
        ("[actions.file]", "[actions.File]", "actions.File", "File", "small letters"),
        ('does = "verify"', 'does = "child"', "actions.confirm.does", "without “child”", "with nothing else"),
        ('to = "ended"', "to = []", "actions.file.to", "no stage", "a stage such as"),
        (
            'kind = "long_text", by = ["crew"]', 'kind = "choice", by = ["crew"]',
            "fields.result.kind", "choice", "choices",
        ),
        (
            'kind = "text", by = ["clerk"], group', 'kind = "date", many = true, by = ["clerk"], group',
            "fields.place.many", "date", "many values only",
        ),
        ('held = "unit", field = "crew_unit"', 'held = "unit"', "roles.crew.held", "without a field", "kind unit"),
        (
            'held = "portfolio"', 'held = "portfolio", field = "crew_unit"',
            "roles.director.field", "neither by unit nor outside", "none",
        ),
        ("cost = {", "stage = {", "fields.stage", "the name “stage”", "another name"),
        ("cost = {", "while = {", "fields.while", "the name “while”", "another name"),
        ("\n[closing]", "review = 3\n[closing]", "actions.reopen.review", "unknown key", "known keys"),
        ('title = "place"', 'title = ["place"]', "index.title", "a list", "small letters"),
        ("[extension]\n", "[[extension]]\n", "extension", "a list", "a table"),
        ("measure = \"count\"", 'measure = "amount"', "indicators.open.measure", "amount", "“field” with it"),
    ],
)  # fmt: skip
def test_one_wrong_thing_is_named_with_its_line_and_remedy(old, new, key, found, expected):
    assert old in TEXT
    broken = TEXT.replace(old, new, 1)
    found_problems = [problem for problem in problems(broken) if problem.key == key]
    assert found_problems, [str(problem.sentence) for problem in problems(broken)]
    sentence = str(found_problems[0].sentence)
    assert found in sentence
    assert expected in sentence
    assert sentence.startswith("light.toml")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('kind = "money"', 'kind = "mony"', "fields.cost.kind"),
        ("cost > 500000", "cots > 500000", "computed.costly.value"),
        ("limit = 2", "limit = 0", "actions.send_back.limit"),
        ('owner = "checker"', 'ownr = "checker"', "stages.checking.ownr"),
    ],
)
def test_the_line_is_the_one_a_person_must_change(old, new, key):
    broken = TEXT.replace(old, new, 1)
    (problem,) = [problem for problem in problems(broken) if problem.key == key]
    assert problem.line == line_of(broken, new)
    assert problem.where == f"light.toml:{problem.line} {key}"


def test_lines_are_found_in_lists_over_several_lines_and_behind_long_texts():
    text = TEXT.replace(
        'rungs = [ { at = -1, to = ["crew"] }, ',
        'rungs = [ # from the first to the last\n  { at = -1, to = ["crew"], leter = "x" },\n  ',
    ).replace('zh = "归档"', 'zh = """\n[not.a.table]\nlimit = 1"""')
    (problem,) = problems(text)
    assert problem.key == "ladders.usual.rungs[1].leter"
    assert problem.line == line_of(text, "  { at = -1")


def test_every_problem_is_told_in_one_go_in_the_order_of_lines():
    broken = TEXT.replace("limit = 2", "limit = 0").replace('kind = "money"', 'kind = "mony"')
    broken = broken.replace("days = 2", "days = -2").replace('title = "place"', "titel = 3")
    keys = [problem.key for problem in problems(broken)]
    assert keys == [
        "fields.cost.kind", "deadline.terms.urgent.days", "actions.send_back.limit", "index", "index.titel",
    ]  # fmt: skip


def test_a_field_that_is_wrong_is_not_told_again_wherever_it_is_used():
    broken = TEXT.replace(
        'urgency = { zh = "紧急程度", en = "Urgency", kind = "choice"',
        'urgency = { zh = "紧急程度", en = "Urgency", kind = "chioce"',
    )
    assert [problem.key for problem in problems(broken)] == ["fields.urgency.kind"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no “key”"),
        ("a = 1\na = 2", "a key that was given before"),
        ("[a]\n[a]", "a key that was given before"),
        ("[stages.x", "not TOML"),
        ("x = '\x00'", "not TOML"),
        ("\ud800 = 1", "not TOML"),
        ("x = " + "[" * 4_000, "nested too deep"),
        ("x = " + "9" * 4_900, "not TOML"),
        ("x = 1\n" * 60_000, "at most 200000 characters"),
        ("x" * 9_000 + " = 1", "lines of at most 5000"),
        ("\n".join(f"k{number} = {{ a = [ {number} ] }}" for number in range(5_000)), "unknown key"),
        ("a." * 2_400 + "b = 1", "unknown key"),
        ("fields = 3\nroles = []\nactions = 'x'\nstages = true", "named tables"),
    ],
    ids=range(13),
)  # fmt: skip
def test_hostile_texts_are_refused_shortly_and_quickly(text, said):
    began = perf_counter()
    found = problems(text)
    assert perf_counter() - began < 5
    assert len(found) <= 100
    assert any(said in str(problem.sentence) for problem in found)
    assert all(len(str(problem.sentence)) < 600 for problem in found)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_file_with_lines_lost_or_doubled_loads_or_is_refused_but_never_crashes(data):
    lines = TEXT.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        index = data.draw(st.integers(0, len(lines) - 1))
        if data.draw(st.booleans()):
            del lines[index]
        else:
            lines.insert(data.draw(st.integers(0, len(lines))), lines[index])
    try:
        load("\n".join(lines), name="light.toml")
    except MechanismError as error:
        assert error.problems
        assert all(str(problem.sentence) for problem in error.problems)


SHAPES = [
    "1", "-1", "1.5", "true", "[]", "{}", "[[]]", "[1]", '""', '"x"', "[{}]", "2026-01-01", '{ a = { b = [ "c" ] } }',
]  # fmt: skip


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_value_of_any_other_shape_is_refused_but_never_crashes(data):
    lines = TEXT.splitlines()
    keyed = [index for index, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    index = data.draw(st.sampled_from(keyed))
    other = data.draw(st.sampled_from(SHAPES))
    lines[index] = lines[index].partition(" = ")[0] + " = " + other
    try:
        load("\n".join(lines), name="light.toml")
    except MechanismError as error:
        assert all(str(problem.sentence) for problem in error.problems)
