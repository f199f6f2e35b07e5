"""Bringing ledgers in, and settling the rows that wait."""

from django.urls import path

from .importing import commit_page, intake_page, row_page, start_page, tray_page

urlpatterns = [
    path("import/", start_page.start, name="import_start"),
    path("import/tray/", tray_page.tray, name="tray"),
    path("import/rows/<int:pk>/", row_page.row, name="import_row"),
    path("import/<uuid:pk>/", intake_page.intake, name="intake"),
    path("import/<uuid:pk>/columns/", intake_page.columns, name="intake_columns"),
    path("import/<uuid:pk>/commit/", commit_page.commit, name="intake_commit"),
    path("import/<uuid:pk>/abandon/", intake_page.abandon, name="intake_abandon"),
    path("import/<uuid:pk>/withdraw/", intake_page.withdraw, name="intake_withdraw"),
]
