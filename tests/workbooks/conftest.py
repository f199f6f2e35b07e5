"""The cast, and a heap of folders to put workbooks in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from city import City, build_city


@pytest.fixture
def city(db: Any, settings: Any, tmp_path: Any) -> City:
    """The city, its clock at this moment: what is merged now is measured by what is true now."""
    settings.BIHUAN_DATA = tmp_path / "data"
    settings.BIHUAN_EVIDENCE = tmp_path / "data" / "evidence"
    built = build_city()
    built.now = timezone.now()
    return built


@pytest.fixture
def signed_in(city: City) -> Callable[[str], Client]:
    def sign_in(account: str) -> Client:
        client = Client()
        client.force_login(next(post.account for post in city.posts.values() if post.account.account == account))
        return client

    return sign_in
