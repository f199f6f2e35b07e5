"""Several processes write one log; rotation loses no line; the screen stays clean."""

import logging
import logging.config
import subprocess
import sys
from pathlib import Path

import pytest

from bihuan.web.logs import SharedLogFile, logging_configuration

WRITER = """
import logging, sys
from bihuan.web.logs import SharedLogFile
handler = SharedLogFile(sys.argv[1], max_bytes=2000, kept=60)
log = logging.getLogger("writer")
log.addHandler(handler)
sys.stdin.read()  # all begin together, when their input is closed
for number in range(1500):
    log.warning("%s-%s", sys.argv[2], number)
"""


def test_no_line_is_lost_when_processes_write_and_rotate_together(tmp_path: Path) -> None:
    path = tmp_path / "data" / "logs" / "bihuan.log"
    path.parent.mkdir(parents=True)
    command = [sys.executable, "-c", WRITER, str(path)]
    writers = [subprocess.Popen([*command, name], stdin=subprocess.PIPE) for name in ("a", "b", "c")]
    for writer in writers:
        writer.stdin.close()
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    files = [file for file in path.parent.iterdir() if not file.name.endswith(".lock")]
    lines = [line for file in files for line in file.read_text().splitlines()]
    # A process that went on writing where another had rotated would move half-empty files away.
    rotated = [file.stat().st_size for file in files if file.name != path.name]
    assert len(rotated) > 3 and min(rotated) > 1900
    assert sorted(lines) == sorted(f"{name}-{number}" for name in "abc" for number in range(1500))


def test_a_folder_that_does_not_exist_is_not_made_for_a_log(tmp_path: Path) -> None:
    handler = SharedLogFile(str(tmp_path / "data" / "logs" / "bihuan.log"), max_bytes=1000, kept=1)
    handler.emit(logging.LogRecord("x", logging.ERROR, "", 0, "words", None, None))
    assert list(tmp_path.iterdir()) == []


def test_a_grave_message_goes_to_the_file_and_not_to_the_screen(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = (
        "import logging, logging.config, pathlib, sys\n"
        "from bihuan.web.logs import logging_configuration\n"
        "logging.config.dictConfig(logging_configuration(data=pathlib.Path(sys.argv[1]), level='INFO'))\n"
        "logging.getLogger('bihuan.intake').error('refused 台账.xlsx')\n"
        "logging.getLogger('django.request').error('went wrong')\n"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True)
    assert capfd.readouterr() == ("", "")
    text = (tmp_path / "logs" / "bihuan.log").read_text(encoding="utf-8")
    assert "ERROR bihuan.intake" in text and "refused 台账.xlsx" in text and "went wrong" in text


def test_the_level_is_the_chosen_one(tmp_path: Path) -> None:
    assert logging_configuration(data=tmp_path, level="WARNING")["root"]["level"] == "WARNING"
