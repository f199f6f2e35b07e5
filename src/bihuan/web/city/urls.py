"""One's own city: the first hour, units, people, posts and passwords."""

from django.urls import path

from . import confirmations, first_hour, own_password, people_pages, post_pages, record_pages, unit_pages

urlpatterns = [
    path("first-hour/", first_hour.first_hour, name="first_hour"),
    path("first-hour/passwords/", people_pages.first_passwords, name="first_passwords"),
    path("first-hour/<slug:kind>/", first_hour.bring, name="bring"),
    path("first-hour/<slug:kind>/template/", first_hour.template, name="template_workbook"),
    path("password/", own_password.own_password, name="own_password"),
    path("changes/", record_pages.alterations, name="alterations"),
    path("changes/<int:entry>/erase/", record_pages.erase_values, name="erase_values"),
    path("confirmations/", confirmations.confirmations, name="confirmations"),
    path("confirmations/<int:pk>/", confirmations.confirmation, name="confirmation"),
    path("units/add/", unit_pages.add, name="add_unit"),
    path("units/<str:key>/rename/", unit_pages.rename, name="rename_unit"),
    path("units/<str:key>/move/", unit_pages.move, name="move_unit"),
    path("units/<str:key>/merge/", unit_pages.merge, name="merge_unit"),
    path("units/<str:key>/end/", unit_pages.end, name="end_unit"),
    path("people/add/", post_pages.add_person, name="add_person"),
    path("people/act/", people_pages.act, name="people_act"),
    path("people/of/<str:account>/", people_pages.person, name="person"),
    path("people/of/<str:account>/post/", post_pages.give, name="give_post"),
    path("posts/<str:key>/hand-over/", post_pages.hand_over, name="hand_over_post"),
    path("posts/<str:key>/change/", post_pages.change, name="change_post"),
    path("posts/<str:key>/end/", post_pages.end, name="end_post"),
]
