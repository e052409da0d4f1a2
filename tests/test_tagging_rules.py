"""The rules for tags: each passes what we make and catches its damage."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from rendered import CASES, layout, made, translated

from pipeline import checks
from pipeline.checks import tags
from pipeline.diagnostics import Severity, findings
from pipeline.editions import Target
from pipeline.renderers import FORMATS, Companions

Damage = Callable[[pikepdf.Pdf], None]


def codes(data: bytes, tag: str = "en", edition: str = "clear") -> set[str]:
    target = Target(tag, "complete", edition, "pdf", "a4")
    subject = checks.Subject(target, translated(tag), layout(tag, edition), data)
    return {found.code for found in findings(tags.check(subject))}


@pytest.mark.parametrize(("tag", "edition"), CASES)
def test_what_we_make_breaks_no_rule(tag: str, edition: str) -> None:
    assert codes(made(tag, edition, "pdf").data, tag, edition) == set()


def test_the_variant_breaks_no_rule() -> None:
    data = FORMATS["pdf"](translated("en"), layout("en"), Companions(variant="ua-2")).data
    assert codes(data) == set()


def damaged(change: Damage) -> bytes:
    with pikepdf.open(io.BytesIO(made("en", "clear", "pdf").data)) as document:
        change(document)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def elements(document: pikepdf.Pdf, role: str) -> list[Any]:
    return [o for o in document.objects if isinstance(o, pikepdf.Dictionary) and o.get("/S") == f"/{role}"]


def without(role: str, entry: str) -> Damage:
    """Return the damage that the first element of a type loses an entry."""

    def change(document: pikepdf.Pdf) -> None:
        del next(e for e in elements(document, role) if entry in e)[entry]

    return change


def renamed(role: str, other: str) -> Damage:
    def change(document: pikepdf.Pdf) -> None:
        elements(document, role)[0]["/S"] = pikepdf.Name(f"/{other}")

    return change


def rooted(name: str, value: Any = None) -> Damage:
    """Return the damage that an entry of the catalog is another, or none."""

    def change(document: pikepdf.Pdf) -> None:
        if value is None:
            del document.Root[name]
        else:
            document.Root[name] = value

    return change


def unmarked(document: pikepdf.Pdf) -> None:
    """Paint a rectangle that is neither tagged nor an artifact."""
    page = document.pages[0]
    page.contents_add(b"0 0 9 9 re f")


def untagged_paragraph(document: pikepdf.Pdf) -> None:
    paragraph = elements(document, "P")[-1]
    paragraph["/K"] = pikepdf.Array()


def nameless_link(document: pikepdf.Pdf) -> None:
    document.pages[0].Annots[0]["/Contents"] = pikepdf.String("#what-it-is")


def loose_link(document: pikepdf.Pdf) -> None:
    for link in elements(document, "Link"):
        link["/K"] = pikepdf.Array([k for k in link.K if not isinstance(k, pikepdf.Dictionary)])


def far_figure(document: pikepdf.Pdf) -> None:
    elements(document, "Figure")[0].A["/BBox"] = pikepdf.Array([0, 0, 5000, 10])


def lost_bookmark(document: pikepdf.Pdf) -> None:
    with document.open_outline() as outline:
        outline.root[0].children.pop()


def embedded_no_more(document: pikepdf.Pdf) -> None:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item:
            del item["/FontFile2"]
        if isinstance(item, pikepdf.Dictionary) and "/FontFile3" in item:
            del item["/FontFile3"]


def fonts_of(document: pikepdf.Pdf) -> list[Any]:
    return [f for page in document.pages for f in page.Resources.Font.values()]


def foreign_font(document: pikepdf.Pdf) -> None:
    for font in fonts_of(document):
        font["/BaseFont"] = pikepdf.Name("/ABCDEF+Comic-Sans")


def dumb_font(document: pikepdf.Pdf) -> None:
    for font in fonts_of(document):
        if "/ToUnicode" in font:
            del font["/ToUnicode"]


def mapped(text: str) -> Damage:
    """Return the damage that the letter e stands for something else."""

    def change(document: pikepdf.Pdf) -> None:
        for font in fonts_of(document):
            table = font.ToUnicode.read_bytes()
            code = f"{ord(text):04x}".encode()
            font.ToUnicode.write(table.replace(b"<0065>", b"<" + code + b">"))

    return change


def tofu(document: pikepdf.Pdf) -> None:
    """Paint glyph 0, the empty square, in the first text."""
    page = document.pages[0]
    changed = []
    done = False
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = list(instruction.operands)
        if str(instruction.operator) == "TJ" and not done:
            done = True
            operands = [pikepdf.Array([pikepdf.String(b"\x00\x00")])]
        changed.append((operands, instruction.operator))
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(changed))


DAMAGE: list[tuple[str, Damage]] = [
    ("G001", unmarked),
    ("G001", untagged_paragraph),
    ("G001", rooted("/StructTreeRoot")),
    ("G002", rooted("/Lang", pikepdf.String("fr"))),
    ("G002", without("Span", "/Lang")),
    ("G003", renamed("H2", "H3")),
    ("G003", renamed("H3", "P")),
    ("G004", without("TH", "/A")),
    ("G005", nameless_link),
    ("G005", loose_link),
    ("G006", without("Span", "/E")),
    ("G007", renamed("LBody", "P")),
    ("G007", renamed("LI", "Div")),
    ("G008", without("Figure", "/Alt")),
    ("G008", without("Figure", "/A")),
    ("G008", far_figure),
    ("G009", rooted("/ViewerPreferences")),
    ("G009", rooted("/MarkInfo")),
    ("G009", lost_bookmark),
    ("G010", embedded_no_more),
    ("G010", foreign_font),
    ("G010", dumb_font),
    ("G010", mapped("\ue000")),
    ("G010", tofu),
]


@pytest.mark.parametrize(("code", "damage"), DAMAGE)
def test_every_rule_catches_its_damage(code: str, damage: Damage) -> None:
    assert code in codes(damaged(damage))


def test_every_rule_is_tried() -> None:
    known = {code for code in checks.every_rule() if code.startswith("G0")}
    assert known == {code for code, _ in DAMAGE}


def test_a_file_without_tags_passes_no_rule() -> None:
    data = damaged(rooted("/StructTreeRoot"))
    target = Target("en", "complete", "clear", "pdf", "a4")
    outcomes = tags.check(checks.Subject(target, translated("en"), layout("en"), data))
    assert {outcome.verdict for outcome in outcomes} == {Severity.FAIL, Severity.SKIP}
