"""Whoever has read the tutorial of a pack alone takes one matter of it from registration to closure in the pages.

Every account that signs in here and every label that is pressed stands in the tutorial, and on the page.
"""

from collections.abc import Callable

import pytest

from bihuan.demo.walking import Walker

from . import tutorials_of_enterprises, tutorials_of_offices, tutorials_of_talent
from .tutorial_reader import followable

pytestmark = pytest.mark.django_db

FOLLOWED = {**vars(tutorials_of_offices), **vars(tutorials_of_enterprises), **vars(tutorials_of_talent)}
BRANCHES = (
    tutorials_of_offices.mediation_refused,
    tutorials_of_enterprises.enterprise_difficulty_one_level_up,
    tutorials_of_enterprises.enterprise_cultivation_withdrawn,
    tutorials_of_talent.talent_demand_one_level_up,
)
#: One is followed every day; the others in the long run, where a real browser follows one more.
DAILY = "mediation"


@pytest.mark.parametrize(
    "pack",
    [pytest.param(pack, marks=() if pack == DAILY else pytest.mark.slow) for pack in followable()],
)
def test_a_tutorial_is_followed_from_registration_to_closure(walker: Walker, pack: str) -> None:
    assert pack in FOLLOWED, f"nobody follows the tutorial of {pack}: write how into tests/packs/tutorials_of_….py"
    FOLLOWED[pack](walker)


@pytest.mark.slow
@pytest.mark.parametrize("branch", BRANCHES, ids=lambda branch: branch.__name__)
def test_what_a_tutorial_tells_besides_is_done_as_well(walker: Walker, branch: Callable[[Walker], None]) -> None:
    branch(walker)
