"""The grid of the Ledger page: its saved views, its columns, its side panel, rows pasted into it."""

from django.urls import URLPattern, path

from . import paste, saving, side

urlpatterns: list[URLPattern] = [
    path("ledger/views/", saving.views, name="views"),
    path("ledger/columns/", saving.ledger_columns, name="ledger_columns"),
    path("ledger/paste/", paste.paste_rows, name="paste_rows"),
    path("ledger/side/<str:number>/", side.side, name="side"),
]
