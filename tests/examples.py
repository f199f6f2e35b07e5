"""How many examples a property is tried with: a few every day, other ones each time, and many in `make test-all`."""

import os
from typing import Any

import hypothesis

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "everyday")


def load_profile() -> None:
    # Two shared cores make single examples slow by chance; how many there are is what a profile decides.
    for name in ("everyday", "whole"):
        hypothesis.settings.register_profile(name, deadline=None)
    hypothesis.settings.register_profile("thorough", deadline=None, max_examples=1000)
    hypothesis.settings.load_profile(PROFILE)


def examples(*, everyday: int, whole: int, **options: Any) -> hypothesis.settings:
    """Return the settings of a property whose examples cost much; `options` are more of Hypothesis's settings."""
    return hypothesis.settings(max_examples=everyday if PROFILE == "everyday" else whole, **options)
