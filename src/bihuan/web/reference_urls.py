"""What is looked up: mechanisms, units, people, registers."""

from django.urls import path

from . import directory_pages, mechanism_pages

urlpatterns = [
    path("mechanisms/", mechanism_pages.mechanisms, name="mechanisms"),
    path("mechanisms/<slug:key>/", mechanism_pages.mechanism, name="mechanism"),
    path("units/", directory_pages.units, name="units"),
    path("units/<str:key>/", directory_pages.unit, name="unit"),
    path("people/", directory_pages.people, name="people"),
    path("registers/", directory_pages.registers, name="registers"),
    path("registers/<str:key>/", directory_pages.register, name="register_entries"),
]
