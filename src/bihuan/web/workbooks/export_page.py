"""Any list as a workbook: what was chosen in it, or all that fits its filter."""

import logging
import tempfile

from django.http import FileResponse
from django.utils.translation import gettext

from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.workbooks.export import export as write_export
from bihuan.workbooks.naming import safe

from ..selection import selected
from ..viewer import PageRefusal, ViewerRequest

#: More than so many take longer than somebody waits for a page.
LIMIT = 20_000
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_log = logging.getLogger(__name__)


def export(request: ViewerRequest) -> FileResponse:
    """Answer with the chosen matters in the ledger's own columns."""
    matters = selected(request)
    if matters.order_by()[LIMIT : LIMIT + 1].exists():
        pattern = N_(
            "A page exports %(limit)d matters at most, and this list has more; narrow it, "
            "or use `bihuan export` on the server."
        )
        raise PageRefusal(Refusal("too_many", pattern, limit=LIMIT), status=422)
    # Closed, and with it removed, by the answer once it is sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        rows = write_export(matters, file, organisation=request.viewer.organisation, today=request.today)
    except Refusal as refusal:
        file.close()
        raise PageRefusal(refusal, status=404) from None
    _log.info("%s exported %d matters", request.viewer.account.account, rows)
    file.seek(0)
    return sent(file, f"{safe(gettext('Ledger'))}_{request.today.isoformat()}.xlsx", MEDIA_TYPE)


def sent(file: object, name: str, media_type: str) -> FileResponse:
    """Return the answer that lets a browser save `file` under `name`."""
    answer = FileResponse(file, as_attachment=True, filename=name)
    answer.headers["Content-Type"] = media_type
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
