"""Draw every mechanism in force for the documentation: docs/images/packs/<key>.<language>.svg (`make drawings`)."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images" / "packs"


def drawings() -> Iterator[tuple[str, str]]:
    """Yield (file name, SVG) for every mechanism in force, in both languages."""
    from bihuan.ledger.packs import current
    from bihuan.mechanism.diagram import draw

    for mechanism in current().values():
        for language in ("zh", "en"):
            yield f"{mechanism.key}.{language}.svg", draw(mechanism, language=language)


def main() -> int:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bihuan.web.settings"
    with tempfile.TemporaryDirectory() as data:
        os.environ["BIHUAN_DATA"] = data
        django.setup()
        made = dict(drawings())
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.svg"):
        if old.name not in made:
            old.unlink()
    for name, drawing in made.items():
        (FOLDER / name).write_text(drawing, encoding="utf-8")
    print(f"{len(made)} drawings in {FOLDER.relative_to(Path.cwd())}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
