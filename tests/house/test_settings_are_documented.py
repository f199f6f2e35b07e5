"""Every setting is in the reference, with its default; the reference names none that is not there."""

import re

from bihuan.web.environment import SETTINGS
from tree import ROOT

REFERENCE = ROOT / "docs" / "reference" / "settings.md"


def test_every_setting_is_in_the_reference_with_its_default() -> None:
    lines = REFERENCE.read_text().splitlines()
    for setting in SETTINGS:
        line = next((line for line in lines if f"`{setting.name}`" in line), None)
        assert line, f"{setting.name} is not in docs/reference/settings.md"
        assert setting.default in line, f"{setting.name}: the default {setting.default!r} is not in its line"


def test_the_reference_names_no_setting_that_is_not_there() -> None:
    named = set(re.findall(r"\bBIHUAN_[A-Z_]+", REFERENCE.read_text()))
    assert named <= {setting.name for setting in SETTINGS}
