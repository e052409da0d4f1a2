"""Organisations that are made up, as many as wanted: a row each, with a logo and a QR code as pictures."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.document import TranslatedDocument, plain_text, segments

LANGUAGES = ("en", "ar", "ru")

_COLUMNS = "id name name:ar name:ru address phone emergency web email logo logo_alt".split()
_WISHES = {
    "languages": " ".join(LANGUAGES),
    "papers": "a4",
    "handouts": "osteopetrosis",
    "formats": "pdf docx epub",
    "editions": "clear large",
}
_NAMES = {
    "en": "Children’s Hospital {n}",
    "ar": "مستشفى الأطفال {n}",
    "ru": "Детская больница {n}",
}


@dataclass(frozen=True, slots=True)
class Organisation:
    """What a row says; `names` are by language."""

    id: str
    names: tuple[tuple[str, str], ...]
    address: str
    phone: str
    emergency: str
    web: str
    email: str
    logo: str
    logo_alt: str

    def name(self, tag: str) -> str:
        """Return the name in a language, or else in English."""
        names = dict(self.names)
        return names.get(tag, names["en"])

    def details(self, tag: str, code: str) -> dict[str, str]:
        """Return what a template is filled in with; `code` is the picture of the QR code."""
        return {
            "name": self.name(tag),
            "address": self.address,
            "phone": self.phone,
            "emergency": self.emergency,
            "web": self.web,
            "email": self.email,
            "logo": self.logo,
            "logo-alt": self.logo_alt,
            "code": code,
        }


@dataclass(frozen=True, slots=True)
class Words:
    """What stands before the details in a panel, in one language."""

    heading: str
    provided: str
    address: str
    phone: str
    emergency: str


def panel_words(translated: TranslatedDocument) -> Words:
    """Return the words of the panel, taken from the box "Your contact" of the leaflet if it has one."""
    said = {s.id: plain_text(s.children) for s in segments(translated.document)}
    heading, name, phone, address = (
        said.get(f"contact-{what}", what.title()) for what in ("heading", "name", "phone", "address")
    )
    return Words(heading, provided=name, address=address, phone=phone, emergency=phone)


def invent(count: int) -> Iterator[Organisation]:
    """Yield organisations, each unlike the others in every value but the logo."""
    for n in range(1, count + 1):
        key = f"hospital-{n:05}"
        yield Organisation(
            id=key,
            names=tuple((tag, name.format(n=n)) for tag, name in _NAMES.items()),
            address=f"{n} Example Street, Exampletown {10000 + n}",
            phone=f"+1 {200 + n // 100} 555 01{n % 100:02}",
            emergency=f"+1 {200 + n // 100} 556 01{n % 100:02}",
            web=f"https://{key}.example.org/children",
            email=f"care@{key}.example.org",
            logo="logo.png",
            logo_alt=f"Logo of Children’s Hospital {n}",
        )


def write_csv(path: Path, organisations: Sequence[Organisation]) -> None:
    """Write the file that `handout build --organisations` reads, and the logo beside it."""
    draw_logo(path.with_name("logo.png"))
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.DictWriter(file, [*_COLUMNS, *_WISHES])
        rows.writeheader()
        for one in organisations:
            details = {name: getattr(one, name) for name in _COLUMNS if hasattr(one, name)}
            names = {"name": one.name("en"), "name:ar": one.name("ar"), "name:ru": one.name("ru")}
            rows.writerow(details | names | _WISHES)


def draw_logo(path: Path) -> None:
    """Draw a logo of 480 × 240 pixels, as hospitals have them: some 8 kB."""
    from PIL import Image, ImageDraw

    picture = Image.effect_mandelbrot((480, 240), (-2.4, -1.2, 2.4, 1.2), 60).convert("RGB")
    ImageDraw.Draw(picture).rectangle((0, 0, 479, 239), outline=(10, 58, 92), width=8)
    picture.save(path)


def draw_code(path: Path, address: str) -> None:
    """Draw the QR code of an address, by the suffix of the file as PNG or SVG."""
    import segno

    segno.make(address, error="m").save(str(path), scale=4)
