"""What is done with several matters at once: acting, urging, printing."""

from django.urls import URLPattern, path

from .act_page import bulk_act
from .print_pages import print_list, print_matter, print_slips
from .urge_page import urge_page

urlpatterns: list[URLPattern] = [
    path("bulk/act/", bulk_act, name="bulk_act"),
    path("bulk/urge/", urge_page, name="urge"),
    path("print/list/", print_list, name="print_list"),
    path("print/slips/", print_slips, name="print_slips"),
    path("matters/<str:number>/print/", print_matter, name="print_matter"),
]
