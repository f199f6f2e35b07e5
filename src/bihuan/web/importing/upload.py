"""Taking a file in: streamed to disk, hashed on the way, and cut off where it passes what may be sent.

What lies beyond the limit is read off the line and thrown away, so that the person gets a sentence and not a
broken connection; nothing of such a file stays.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import IO, Any, TypeAlias, cast

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from bihuan.intake.reading.refusal import MEBIBYTE, Refusal, refuse
from bihuan.mechanism.sentence import N_

from ..viewer import ViewerRequest

Page: TypeAlias = Callable[[ViewerRequest], HttpResponse]


class Upload(TemporaryUploadedFile):
    """A file on disk until the end of the request. One that is too large is empty; size and hash are the sent ones."""

    sha256: str = ""
    too_large: bool = False

    def check(self) -> None:
        """Raise the reading's `Refusal` if more was sent than may be."""
        if self.too_large:
            raise _too_large(self.size or 0)


class Receiver(FileUploadHandler):
    """Writes what arrives to a temporary file, up to `BIHUAN_MAX_UPLOAD` bytes."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._limit: int = settings.BIHUAN_MAX_UPLOAD

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._digest = hashlib.sha256()
        self._file = Upload(self.file_name or "", self.content_type or "", 0, self.charset or "")
        self._stream = cast(IO[bytes], self._file.file)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._digest.update(raw_data)
        stream = self._stream
        if start + len(raw_data) <= self._limit:
            stream.write(raw_data)
        elif not self._file.too_large:
            self._file.too_large = True
            stream.seek(0)
            stream.truncate()

    def file_complete(self, file_size: int) -> Upload:
        self._stream.flush()
        self._stream.seek(0)
        self._file.size = file_size
        self._file.sha256 = self._digest.hexdigest()
        return self._file

    def upload_interrupted(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()


def takes_files(allowed: Callable[[ViewerRequest], object]) -> Callable[[Page], Page]:
    """Decorate a page whose form brings files: they go to disk by a `Receiver`, after `allowed` has let the viewer in.

    Exempt from Django's own check only because that reads the form, and with it the files, before the page could
    say where they go; what is decorated is checked.
    """

    def decorate(page: Page) -> Page:
        checked = csrf_protect(page)

        @csrf_exempt
        @wraps(page)
        def taking(request: ViewerRequest) -> HttpResponse:
            allowed(request)
            request.upload_handlers = [Receiver(request)]
            return checked(request)

        return taking

    return decorate


def _too_large(size: int) -> Refusal:
    return refuse(
        N_(
            "The file has %(size)s MB; at most %(limit)s MB may be sent. "
            "Save the ledger sheet alone, without pictures, and try again."
        ),
        size=-(-size // MEBIBYTE),
        limit=max(1, settings.BIHUAN_MAX_UPLOAD // MEBIBYTE),
    )
