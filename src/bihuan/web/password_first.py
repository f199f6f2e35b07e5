"""Whoever still has an initial password, which somebody else has read, changes it before anything else."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url

from .sign_in import typed_fields

#: The pages that are open before that.
OPEN = frozenset({"own_password"})


def change_first(request: HttpRequest) -> HttpResponse:
    """Ask for a password of one's own; a form that was sent is carried along, not lost."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.method != "POST":
        query = QueryDict(mutable=True)
        if request.path != resolve_url("desk"):
            query["next"] = request.get_full_path()
        return redirect(f"{resolve_url('own_password')}?{query.urlencode(safe='/')}")
    shown = {"forced": True, "next": request.get_full_path(), "problems": {}, "carried": typed_fields(request.POST)}
    return render(request, "city/own_password.html", shown, status=403)
