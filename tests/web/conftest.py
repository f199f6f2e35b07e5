"""The cast in front of the pages: the city of today, and each of its people signed in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from city import City, build_city
from triggers import lift_for_flush

PASSWORD = "test-only-passphrase"


@pytest.fixture
def city(db: Any) -> City:
    """The city, its clock at this moment: the pages show what is true today."""
    built = build_city()
    built.now = timezone.now()
    return built


@pytest.fixture(autouse=True)
def flushing(request: pytest.FixtureRequest) -> None:
    """Beside the browser's event loop Django opens a connection of its own, which the flush must step over too."""
    if "live_server" in request.fixturenames:
        request.getfixturevalue("live_server")
        lift_for_flush(connection)


@pytest.fixture
def signed_in(city: City) -> Callable[[str], Client]:
    """Return the browser-less client of one of the cast."""

    def sign_in(account: str, **options: Any) -> Client:
        client = Client(**options)
        client.force_login(next(post.account for post in city.posts.values() if post.account.account == account))
        return client

    return sign_in
