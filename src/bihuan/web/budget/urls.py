from django.urls import path

from . import page

urlpatterns = [path("budget/", page.budget, name="budget")]
