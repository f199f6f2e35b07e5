"""What an installation may set, all of it, read from the environment in this one place.

`SETTINGS` is the table that the documentation shows and the tests compare with it.
"""

import difflib
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from bihuan.mechanism.sentence import N_, Sentence

LANGUAGES = {"zh-hans": "简体中文", "en": "English"}
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

# Variables of the test run, read by the tests themselves.
TEST_PREFIX = "BIHUAN_TEST_"


class SettingProblem(ImproperlyConfigured):
    """A setting that cannot be understood; `sentence` says what, where and what would be right."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. `read` turns its text into a value or raises ValueError.

    `right` is a sentence that says what would be right, for the message about a wrong one.
    """

    name: str
    default: str
    meaning: str
    right: str
    read: Callable[[str], Any]


def read_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return every setting by name, with its default where the variable is absent or empty.

    Raises SettingProblem for a value that cannot be understood, and for a name that starts like a setting
    and is none: a misspelt BIHUAN_DATABASE_URL would otherwise start an empty ledger without a word.
    """
    _refuse_unknown(environ)
    return {setting.name: _value(setting, environ.get(setting.name, "")) for setting in SETTINGS}


def _value(setting: Setting, text: str) -> Any:
    text = text.strip() or setting.default
    try:
        return setting.read(text)
    except ValueError:
        raise SettingProblem(
            Sentence(
                N_("%(name)s is “%(text)s”, and should be %(right)s."),
                {"name": setting.name, "text": text, "right": Sentence(setting.right)},
            )
        ) from None


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = [setting.name for setting in SETTINGS]
    for name in sorted(environ):
        if not name.startswith("BIHUAN_") or name.startswith(TEST_PREFIX) or name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
        raise SettingProblem(
            Sentence(
                N_("%(name)s is set, but there is no such setting; the nearest is %(near)s."),
                {"name": name, "near": near[0]},
            )
        )


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _file(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def _between(least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        number = int(text)
        if not least <= number <= most:
            raise ValueError(text)
        return number

    return read


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _origins(text: str) -> list[str]:
    origins = _words(text)
    if not all(origin.startswith(("http://", "https://")) for origin in origins):
        raise ValueError(text)
    return origins


def _switch(text: str) -> bool:
    return _one_of(text.lower(), ("on", "off")) == "on"


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        raise ValueError(text)
    return text


def _language(text: str) -> str:
    return _one_of(text.lower(), tuple(LANGUAGES))


def _log_level(text: str) -> str:
    return _one_of(text.upper(), LOG_LEVELS)


def _time_zone(text: str) -> str:
    try:
        return zoneinfo.ZoneInfo(text).key
    except (zoneinfo.ZoneInfoNotFoundError, OSError):
        raise ValueError(text) from None


def _size(text: str) -> int:
    number, unit = text.upper().removesuffix("B"), 1
    for letter, factor in (("K", 1024), ("M", 1024**2), ("G", 1024**3)):
        if number.endswith(letter):
            number, unit = number[:-1], factor
    size = int(number) * unit
    if size < 1:
        raise ValueError(text)
    return size


SETTINGS = (
    Setting(
        "BIHUAN_DATA",
        "data",
        "Folder of this installation: ledger.sqlite3, evidence/, intake/, workbooks/, waiting/, logs/ and secret_key.",
        N_("the path of a folder"),
        _folder,
    ),
    Setting(
        "BIHUAN_DATABASE_URL",
        "",
        "PostgreSQL to use instead of the SQLite file: postgresql://user:password@host:port/name?sslmode=require.",
        N_("an address that begins with postgresql://"),
        str,
    ),
    Setting(
        "BIHUAN_HOST",
        "127.0.0.1",
        "Address that `bihuan serve` listens on; 0.0.0.0 for every network of the machine.",
        N_("an address of this machine"),
        str,
    ),
    Setting(
        "BIHUAN_PORT",
        "8000",
        "Port that `bihuan serve` listens on.",
        N_("a number from 1 to 65535"),
        _between(1, 65535),
    ),
    Setting(
        "BIHUAN_ALLOWED_HOSTS",
        "",
        "Host names under which people reach the pages, separated by commas; this machine's own names and "
        "BIHUAN_HOST are always allowed.",
        N_("host names separated by commas"),
        _words,
    ),
    Setting(
        "BIHUAN_TRUSTED_ORIGINS",
        "",
        "Origins whose forms are accepted when a proxy changes the host name, such as https://bihuan.example.",
        N_("origins that begin with http:// or https://, separated by commas"),
        _origins,
    ),
    Setting(
        "BIHUAN_HTTPS",
        "off",
        "on when a proxy in front serves HTTPS and sets X-Forwarded-Proto: cookies then go over HTTPS only.",
        N_("on or off"),
        _switch,
    ),
    Setting(
        "BIHUAN_TLS_CERTIFICATE",
        "",
        "File with the certificate (and its chain) in PEM form, with which `bihuan serve` serves HTTPS itself.",
        N_("the path of a PEM file"),
        _file,
    ),
    Setting(
        "BIHUAN_TLS_KEY",
        "",
        "File with the private key of BIHUAN_TLS_CERTIFICATE in PEM form, without a pass phrase.",
        N_("the path of a PEM file"),
        _file,
    ),
    Setting(
        "BIHUAN_REDIRECT_PORT",
        "0",
        "Port on which `bihuan serve` sends people who come by http on to its own HTTPS; 0 for none.",
        N_("a number from 0 to 65535"),
        _between(0, 65535),
    ),
    Setting(
        "BIHUAN_PROXIES",
        "0",
        "How many proxies stand in front and add to X-Forwarded-For: lockout by address looks behind them.",
        N_("a number from 0 to 9"),
        _between(0, 9),
    ),
    Setting(
        "BIHUAN_LOCKOUT_FAILURES",
        "5",
        "Failed sign-ins after which an account is shut out for a while; an address after ten times as many.",
        N_("a number from 1 to 100"),
        _between(1, 100),
    ),
    Setting(
        "BIHUAN_LOCKOUT_MINUTES",
        "15",
        "Minutes for which it is shut out, counted from the last failure.",
        N_("a number of minutes from 1 to 1440"),
        _between(1, 1440),
    ),
    Setting(
        "BIHUAN_LANGUAGE",
        "zh-hans",
        "Language of the command line, and of the pages for a browser that asks for none: zh-hans or en.",
        N_("zh-hans or en"),
        _language,
    ),
    Setting(
        "BIHUAN_TIME_ZONE",
        "Asia/Shanghai",
        "Time zone of the local day by whose end a deadline ends, and of every hour shown.",
        N_("a time zone name such as Asia/Shanghai"),
        _time_zone,
    ),
    Setting(
        "BIHUAN_MAX_UPLOAD",
        "100M",
        "Largest single file that is taken in, as evidence or as a ledger; K, M and G are powers of 1024.",
        N_("a size such as 100M"),
        _size,
    ),
    Setting(
        "BIHUAN_SESSION_HOURS",
        "12",
        "Hours after which a person must sign in again.",
        N_("a number of hours from 1 to 744"),
        _between(1, 744),
    ),
    Setting(
        "BIHUAN_LOG_LEVEL",
        "INFO",
        "Least grave message that is written to logs/: DEBUG, INFO, WARNING or ERROR.",
        N_("DEBUG, INFO, WARNING or ERROR"),
        _log_level,
    ),
)
