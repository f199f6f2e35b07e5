"""From official text to the ledger: bring a text, look at what it asks for, register what is ticked."""

from django.urls import URLPattern, path

from .register_page import register
from .start_page import start
from .text_page import put_away, text

urlpatterns: list[URLPattern] = [
    path("texts/", start, name="texts"),
    path("texts/<slug:sha256>/", text, name="text"),
    path("texts/<slug:sha256>/register/", register, name="text_register"),
    path("texts/<slug:sha256>/put-away/", put_away, name="text_put_away"),
]
