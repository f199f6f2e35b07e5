"""A file that passes 400 lines holds a second thing."""

from tree import python_files, shown

LIMIT = 400


def test_no_file_passes_the_limit() -> None:
    lengths = {shown(path): len(path.read_text().splitlines()) for path in python_files()}
    assert lengths
    assert {name: length for name, length in lengths.items() if length > LIMIT} == {}
