"""The key that signs sessions belongs to the data folder and to its owner alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bihuan.web.secret import FILE_NAME, make_secret_key, read_secret_key


def test_a_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    make_secret_key(data)
    key = read_secret_key(data)
    assert len(key) >= 50
    assert (data / FILE_NAME).stat().st_mode & 0o777 == 0o600
    make_secret_key(data)
    assert read_secret_key(data) == key
    assert [path.name for path in data.iterdir()] == [FILE_NAME]


def test_two_commands_at_once_agree_on_one_key(tmp_path: Path) -> None:
    def make_and_read(_: int) -> str:
        make_secret_key(tmp_path)
        return read_secret_key(tmp_path)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(make_and_read, range(40)))) == 1


def test_without_a_folder_the_key_is_a_passing_one_and_nothing_is_written(tmp_path: Path) -> None:
    assert read_secret_key(tmp_path / "data") != read_secret_key(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []
