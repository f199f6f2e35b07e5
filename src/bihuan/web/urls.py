"""The addresses of all pages. What is not listed as public is behind the sign-in."""

from django.urls import path
from django.views.i18n import set_language

from . import (
    act,
    desk,
    errors,
    evidence,
    ledger_page,
    linking,
    matter_page,
    registering,
    sign_in,
    uploading,
    withdrawing,
)
from .budget.urls import urlpatterns as budget
from .bulk.urls import urlpatterns as bulk
from .city.urls import urlpatterns as city
from .grid.urls import urlpatterns as grid
from .import_urls import urlpatterns as importing
from .reading_text.urls import urlpatterns as reading_text
from .reference_urls import urlpatterns as reference
from .viewer import signed_in
from .workbooks.urls import urlpatterns as workbooks

_PUBLIC = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("language/", set_language, name="set_language"),
]
_OWN = [
    path("", desk.desk, name="desk"),
    path("ledger/", ledger_page.ledger, name="ledger"),
    path("register/", registering.choose, name="register"),
    path("register/<slug:mechanism>/", registering.register, name="register_matter"),
    path("matters/<str:number>/", matter_page.matter, name="matter"),
    path("matters/<str:number>/act/<slug:action>/", act.act, name="act"),
    path("matters/<str:number>/act/<slug:action>/files/", uploading.begin, name="files"),
    path("matters/<str:number>/act/<slug:action>/files/<slug:sha256>/", uploading.part, name="file_part"),
    path("matters/<str:number>/withdraw/", withdrawing.withdraw, name="withdraw_matter"),
    path("matters/<str:number>/link/", linking.link, name="link"),
    path("matters/<str:number>/evidence/<str:sha256>/", evidence.download, name="evidence"),
]

_SLICES = [*grid, *bulk, *workbooks, *importing, *reading_text, *city, *budget, *reference]

urlpatterns = [*_PUBLIC, *signed_in([*_OWN, *_SLICES])]

handler404 = errors.not_found
handler403 = errors.forbidden
handler500 = errors.broken
