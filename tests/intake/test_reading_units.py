"""A name is taken for a unit only in a form that exactly one unit answers to; the rest waits for a person."""

import pytest

from bihuan.intake.reading import UnitIndex, UnitName
from bihuan.intake.reading.parties import read_assisting, read_parties


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("云杉市住房和城乡建设局", "云杉市住房和城乡建设局"),
        ("市住建局", "云杉市住房和城乡建设局"),
        ("住建局", "云杉市住房和城乡建设局"),
        (" 市 住建局 ", "云杉市住房和城乡建设局"),
        ("云杉市\n财政局", "云杉市财政局"),
        ("市财政局", "云杉市财政局"),
        ("云杉市住建局", "云杉市住房和城乡建设局"),
        ("市住房和城乡建设局", "云杉市住房和城乡建设局"),
        ("市农业农村局", "云杉市农业农村局"),
        ("县财政局", "白溪县财政局"),
        ("白溪县财政局", "白溪县财政局"),
    ],
)
def test_a_full_name_a_listed_name_or_one_with_its_region_is_understood(units, text, name):
    found = units.find(text).unit
    assert found is not None and found.name == name


@pytest.mark.parametrize(
    "text", ["市住建厅", "云杉市住房和城乡建设", "住房城乡建设局", "教育局", "云衫市财政局", "各县区", "市", ""]
)
def test_what_only_resembles_a_unit_is_unknown(units, text):
    assert units.find(text).unit is None and not units.find(text).among


def test_a_name_that_two_units_share_is_told_with_both(units):
    parties = read_parties("财政局", units)
    assert parties.lead is None
    assert "云杉市财政局" in str(parties.lead_fault) and "白溪县财政局" in str(parties.lead_fault)


def test_a_misspelt_unit_is_told_with_the_nearest_name_and_not_taken(units):
    parties = read_parties("云衫市财政局", units)
    assert parties.lead is None
    assert "“云衫市财政局”" in str(parties.lead_fault) and "“云杉市财政局”" in str(parties.lead_fault)


@pytest.mark.parametrize("text", ["各县区财政局", "有关财政局", "全市财政局", "供电所"])
def test_a_collective_or_a_distant_name_is_told_without_a_nearest_one(units, text):
    assert "nearest" not in str(units.explain(text))


def test_a_prefix_that_would_fit_two_units_names_neither():
    index = UnitIndex(
        [
            UnitName("a", "云杉市人民政府", (), 1),
            UnitName("b", "云杉市水利局", ("水利局",), 2, "a"),
            UnitName("c", "杉北市人民政府", (), 2, "a"),
            UnitName("d", "杉北市水利局", ("水利局",), 3, "c"),
        ]
    )
    assert index.find("市水利局").unit is None and len(index.find("市水利局").among) == 2
    assert index.find("杉北市水利局").unit.key == "d"


@pytest.mark.parametrize(
    ("text", "lead", "others"),
    [
        ("市住建局", "云杉市住房和城乡建设局", []),
        ("住建局、市财政局（牵头）", "云杉市财政局", ["云杉市住房和城乡建设局"]),
        ("市财政局(牵头单位)，市住建局", "云杉市财政局", ["云杉市住房和城乡建设局"]),
        ("市财政局【牵头】\n市住建局\n市教体局", "云杉市财政局", ["云杉市住房和城乡建设局", "云杉市教育和体育局"]),
        (
            "牵头单位：市财政局；配合单位：市住建局、市教体局",
            "云杉市财政局",
            ["云杉市住房和城乡建设局", "云杉市教育和体育局"],
        ),
        ("牵头：市财政局 配合：市住建局", "云杉市财政局", ["云杉市住房和城乡建设局"]),
        ("市财政局、市住建局（配合）", "云杉市财政局", ["云杉市住房和城乡建设局"]),
        ("市财政局牵头，市住建局和市教体局配合", "云杉市财政局", ["云杉市住房和城乡建设局", "云杉市教育和体育局"]),
        ("市财政局（牵头）/市住房和城乡建设局", "云杉市财政局", ["云杉市住房和城乡建设局"]),
        ("市财政局（牵头）市住建局（配合）", "云杉市财政局", ["云杉市住房和城乡建设局"]),
        ("市住建局 市财政局（牵头）", "云杉市财政局", ["云杉市住房和城乡建设局"]),
    ],
)
def test_the_marked_unit_is_responsible_and_the_others_assist(units, text, lead, others):
    parties = read_parties(text, units)
    assert parties.lead is not None and parties.lead.name == lead
    assert sorted(unit.name for unit in parties.assisting) == sorted(others)
    assert parties.lead_fault is None and parties.assisting_fault is None


@pytest.mark.parametrize(
    "text",
    ["市住建局、市财政局", "市住建局和市财政局", "市住建局（牵头）、市财政局（牵头）", "市财政局、市住建局及有关单位"],
)
def test_several_units_without_one_lead_name_no_responsible_unit(units, text):
    parties = read_parties(text, units)
    assert parties.lead is None and text in str(parties.lead_fault)


def test_one_unknown_helper_leaves_the_lead_known_and_is_told(units):
    parties = read_parties("市财政局（牵头）、市住健局", units)
    assert parties.lead.name == "云杉市财政局" and parties.assisting == ()
    assert "“市住健局”" in str(parties.assisting_fault) and parties.lead_fault is None


def test_a_separator_inside_a_name_does_not_divide_it():
    index = UnitIndex(
        [
            UnitName("a", "云杉市文化和旅游局", ("文旅局",)),
            UnitName("b", "云杉市档案局、史志办"),
            UnitName("c", "云杉市旅游局"),
        ]
    )
    assert read_parties("云杉市档案局、史志办", index).lead.key == "b"
    found = read_parties("云杉市档案局、史志办（牵头）、云杉市文化和旅游局", index)
    assert found.lead.key == "b" and [unit.key for unit in found.assisting] == ["a"]


def test_assisting_units_are_all_known_or_the_cell_waits(units):
    assert [unit.key for unit in read_assisting("市住建局、市教体局", units).assisting] == ["zjj", "jtj"]
    unknown = read_assisting("市住建局、财政局", units)
    assert unknown.assisting == () and "“财政局”" in str(unknown.assisting_fault)


def test_a_very_long_cell_is_answered_at_once(units):
    text = "市住建局和" * 2000
    assert read_parties(text, units).lead is None
    assert read_parties("、".join(["甲和乙及丙与丁"] * 60), units).lead is None
