"""Organizations that are made up, and the cases that their copies are made in."""

from __future__ import annotations

import io
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from pipeline.document import TranslatedDocument
from pipeline.editions import Layout, Target
from pipeline.inputs import program
from pipeline.organisations import Logo, Organisation
from pipeline.passport import Passport
from pipeline.provenance import passport_of
from pipeline.workspace import handout, layout_of


def picture(kind: str = "PNG") -> bytes:
    """Return a bitmap of 120 × 60 dots."""
    out = io.BytesIO()
    Image.new("RGB", (120, 60), "navy").save(out, kind)
    return out.getvalue()


HOSPITAL = Organisation(
    id="city",
    names=(
        ("", "City Children’s Hospital & Clinic"),
        ("ar", "مستشفى المدينة للأطفال"),
        ("ja", "市立こども病院"),
    ),
    addresses=(("", "12 Example Street\nLondon N1 2AB"),),
    phone="+44 20 7946 0018",
    emergency="999",
    web="https://www.example.org/bones?a=1&b=2",
    web_shown="www.example.org/bones?a=1&b=2",
    email="bones@example.org",
    logo=Logo(picture(), 30.0, 15.0),
    logo_alts=(("", "A blue “field” <sign>"),),
)
SMALL = Organisation(id="small", names=(("", "Small Clinic"),), phone="12 34")


class Case(NamedTuple):
    """A handout of a project in a language and an edition."""

    root: Path
    tag: str
    handout: str
    edition: str


def parts(case: Case, folder: Path, format: str = "pdf") -> tuple[TranslatedDocument, Layout, Passport]:
    """Return a handout, its measures on A4 and its passport; fonts are kept in `folder`."""
    target = Target(case.tag, case.handout, case.edition, format, "a4")
    base = handout(case.root, case.tag, case.handout)
    layout = layout_of(case.root, target, folder)
    return base, layout, passport_of(case.root, target, base, program_digest=program())
