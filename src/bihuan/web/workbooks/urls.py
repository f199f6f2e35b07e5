"""Workbooks out and in: export, split, merge, evidence by the folder."""

from django.urls import URLPattern, path

from .answer_page import answer
from .answers_page import answers
from .export_page import export
from .proof_page import proof_folder
from .split_page import split_page

urlpatterns: list[URLPattern] = [
    path("workbooks/export/", export, name="export"),
    path("workbooks/split/", split_page, name="split"),
    path("workbooks/answers/", answers, name="answers"),
    path("workbooks/answers/<uuid:pk>/", answer, name="answer"),
    path("workbooks/evidence/", proof_folder, name="proof_folder"),
]
