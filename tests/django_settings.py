"""The product's settings, with what the tests alone need."""

from bihuan.web.settings import *  # noqa: F403
from bihuan.web.settings import BIHUAN_DATA, DATABASES

# The safe hasher is slow on purpose; the cast signs in thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file and not memory: WAL, locks and racing writers are then those of an installation.
    DATABASES["default"]["TEST"] = {"NAME": str(BIHUAN_DATA / "test.sqlite3")}
