"""Organizations that are made up, as many as wanted: the table that `handout build` reads."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from benchmarks.measure import ROOT
from pipeline.organisations import Organisation, read_organisations
from pipeline.workspace import load

LANGUAGES = ("en", "ar", "ru")

_NAMES = {
    "name": "Children’s Hospital {n}",
    "name:ar": "مستشفى الأطفال {n}",
    "name:ru": "Детская больница {n}",
}


def _rows(count: int) -> Iterator[dict[str, str]]:
    """Yield rows, each unlike the others in every value but the logo and the wishes."""
    for n in range(1, count + 1):
        key = f"hospital-{n:05}"
        yield {
            "id": key,
            **{column: name.format(n=n) for column, name in _NAMES.items()},
            "address": f"{n} Example Street, Exampletown {10000 + n}",
            "phone": f"+1 {200 + n // 100} 555 01{n % 100:02}",
            "emergency": f"+1 {200 + n // 100} 556 01{n % 100:02}",
            "web": f"https://{key}.example.org/children",
            "email": f"care@{key}.example.org",
            "logo": "logo.png",
            "logo_alt": f"Logo of Children’s Hospital {n}",
            "languages": " ".join(LANGUAGES),
            "papers": "a4",
            "handouts": "osteopetrosis",
        }


def write_table(path: Path, count: int) -> Path:
    """Write the table of so many organizations, and the logo beside it; return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _draw_logo(path.with_name("logo.png"))
    rows = list(_rows(count))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


@cache
def read_back(path: Path, count: int) -> tuple[Organisation, ...]:
    """Return the organizations as our own builds read them from such a table."""
    found, faults = read_organisations(write_table(path, count), load(ROOT)[0].settings)
    if faults:
        raise SystemExit("\n".join(map(str, faults)))
    return found


def _draw_logo(path: Path) -> None:
    """Draw a logo of 480 × 240 pixels with shades in it, as hospitals have them."""
    from PIL import Image, ImageDraw

    picture = Image.effect_mandelbrot((480, 240), (-2.4, -1.2, 2.4, 1.2), 60).convert("RGB")
    ImageDraw.Draw(picture).rectangle((0, 0, 479, 239), outline=(10, 58, 92), width=8)
    picture.save(path)
