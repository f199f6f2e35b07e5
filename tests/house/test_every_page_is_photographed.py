"""`make screenshots` leaves no page out: each can be reached, or it is written why it is none."""

from django.urls import path

from bihuan.web.urls import urlpatterns
from pages import names_without_cover


def test_every_page_is_photographed_or_it_is_said_why_not() -> None:
    assert names_without_cover(urlpatterns) == []


def test_a_page_with_arguments_that_nobody_knows_is_an_error() -> None:
    new = path("new/<slug:colour>/", lambda request: None, name="new")
    assert names_without_cover([*urlpatterns, new]) == ["new"]
    assert "sign_out" in names_without_cover([route for route in urlpatterns if route.name != "sign_out"])
