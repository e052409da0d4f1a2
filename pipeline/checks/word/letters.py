"""Runs of text: size, weight, font, color, language and direction, each by its script."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache

from pipeline.checks.print_size.letters import CONTRAST, contrast
from pipeline.checks.registry import Finding, check
from pipeline.checks.subject import Subject
from pipeline.checks.word.package import Package, Shown, W, on, text_of, value
from pipeline.checks.word.structure import bookmark_name, shown_segments
from pipeline.diagnostics import UsageError
from pipeline.document import Inlines, LineBreak, NoteReference, Span
from pipeline.languages import COMPLEX_SCRIPTS, RIGHT_TO_LEFT, Language, language

_RTL = frozenset(("R", "AL", "AN"))
_SCRIPTS = {
    "LATIN": "Latn", "CYRILLIC": "Cyrl", "GREEK": "Grek", "ARABIC": "Arab", "HEBREW": "Hebr",
    "DEVANAGARI": "Deva", "BENGALI": "Beng", "TAMIL": "Taml", "TELUGU": "Telu", "THAI": "Thai",
    "LAO": "Laoo", "KHMER": "Khmr", "MYANMAR": "Mymr", "SYRIAC": "Syrc", "THAANA": "Thaa", "NKO": "Nkoo",
}  # fmt: skip
_AGAIN = "build the file again; do not publish a file that was edited by hand"


@cache
def script_of(letter: str) -> str:
    """Return the script of a letter (ISO 15924); "" for what is no letter, or of a script not listed."""
    if unicodedata.category(letter)[0] != "L":
        return ""
    return _SCRIPTS.get(unicodedata.name(letter, "").partition(" ")[0], "")


def _scripts(run: Shown) -> set[str]:
    return {script_of(letter) for letter in run.text} - {""}


def _where(run: Shown) -> str:
    return f"in the style {run.style} ({run.part}): “{run.text.strip()[:40]}”"


def _least(subject: Subject) -> float:
    return subject.layout.body_pt


@check("W040", source="UKAAF G003; ACB (nothing below the body size)", suggestion=_AGAIN)
def sizes(subject: Subject, package: Package) -> Iterator[Finding]:
    """No run is smaller than the edition's body, in the slot that counts for its script.

    Notes, feet, captions and labels are read by the same eyes. A file set to 18 pt shows Arabic in 11
    if only the Latin slot was set. Headings are as large as their level needs.
    """
    told: set[tuple[str, float]] = set()
    for run in package.runs:
        level = package.level(run.paragraph)
        title = package.style_name(run.paragraph) == "Title"
        wanted = subject.layout.heading_pt(1 if title else level + 1) if level else _least(subject)
        if run.size < wanted and (run.style, run.size) not in told:
            told.add((run.style, run.size))
            yield Finding(f"{run.size:g} pt, {wanted:g} pt is needed, {_where(run)}")


@check("W041", source="UKAAF G003; ACB (nothing below the body size)", suggestion=_AGAIN)
def sizes_offered(subject: Subject, package: Package) -> Iterator[Finding]:
    """No style, mark of a list or end of a paragraph is smaller than the body.

    What is added to the file later takes its size from there.
    """
    for name, root in package.trees.items():
        for node in root.iter(f"{W}sz", f"{W}szCs"):
            if node.getparent().tag != f"{W}rPr" or node.getparent().getparent().tag == f"{W}r":
                continue
            if value(node).isdigit() and int(value(node)) / 2 < _least(subject):
                yield Finding(
                    f"{name} offers {int(value(node)) / 2:g} pt; the body is {_least(subject):g} pt"
                )
                return


@check("W042", source="ECMA-376 part 1, 17.3.2.2 (bCs)", suggestion=_AGAIN)
def weights(package: Package) -> Iterator[Finding]:
    """Text in a complex script is bold where Latin text would be.

    Bold is the only emphasis of large print; set in the Latin slot alone it never shows in Arabic.
    """
    for run in package.runs:
        if run.complex and run.bolds[0] != run.bolds[1]:
            yield Finding(f"bold in one slot alone {_where(run)}")
            return


@check("W043", source="WCAG 2.2 SC 3.1.1 and 3.1.2; ECMA-376 part 1, 17.3.2.20", suggestion=_AGAIN)
def spoken_languages(subject: Subject, package: Package) -> Iterator[Finding]:
    """Every letter is in the language that the document says, in the slot that counts for its script.

    The language chooses the voice. A Spanish word in an English voice is a riddle, Arabic in an English
    voice is silence.
    """
    for run in package.runs:
        own = _known(run.language)
        if own is None:
            yield Finding(f"“{run.language}” is no language, {_where(run)}")
            return
        strange = _scripts(run) - {own.script} if not own.pseudo else set()
        if strange:
            yield Finding(f"{', '.join(sorted(strange))} letters are spoken as {own.tag} {_where(run)}")
            return
    marked: dict[str, list[Shown]] = {}
    for run in package.runs:
        for name in run.bookmarks:
            marked.setdefault(name, []).append(run)
    for segment in shown_segments(subject):
        wanted = list(_meant(segment.children, subject.translated.language, subject))
        spoken = [
            (c, r.language) for r in marked.get(bookmark_name(segment.id), ()) for c in _letters(r.text)
        ]
        at = "".join(c for c, _ in spoken).find("".join(c for c, _ in wanted))
        for (letter, tag), (_, other) in zip(wanted, spoken[max(at, 0) :], strict=False):
            if at >= 0 and tag != other:
                yield Finding(f"“{letter}” in “{segment.id}” is spoken as {other}, not as {tag}")
                return
    given = (subject.translated.language, subject.translated.source_language, _latin(subject))
    allowed = {*(own.regional for own in given), *_spans(subject)}
    for run in package.runs:
        if run.language not in allowed:
            yield Finding(f"spoken as {run.language} {_where(run)}")
            return


@cache
def _known(tag: str) -> Language | None:
    try:
        return language(tag)
    except UsageError:
        return None


def _letters(words: str) -> Iterator[str]:
    return (c for c in unicodedata.normalize("NFC", words) if unicodedata.category(c)[0] == "L")


def _latin(subject: Subject) -> Language:
    """Return the language of Latin words in a document of another script."""
    source = subject.translated.source_language
    return source if source.script == "Latn" else language("en")


def _spans(subject: Subject) -> Iterator[str]:
    for segment in shown_segments(subject):
        yield from (tag for _, tag in _meant(segment.children, subject.translated.language, subject))


def _meant(nodes: Inlines, own: Language, subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield each letter of a run of inlines with the language that it is to be spoken in."""
    for node in nodes:
        match node:
            case Span(language=tag, children=children):
                yield from _meant(children, language(tag), subject)
            case LineBreak() | NoteReference():
                pass
            case _ if hasattr(node, "children"):
                yield from _meant(node.children, own, subject)
            case _:
                for letter in _letters(node.text):
                    foreign = script_of(letter) == "Latn" and own.script != "Latn" and not own.pseudo
                    yield letter, (_latin(subject) if foreign else own).regional


@check("W044", source="ECMA-376 part 1, 17.3.1.6, 17.3.2.30 and 17.4.1", suggestion=_AGAIN)
def directions(subject: Subject, package: Package) -> Iterator[Finding]:
    """Words, paragraphs, tables and pages run in the direction of their language.

    A full stop on the wrong side is a nuisance; turned columns or numbers change what a table says.
    """
    rtl = subject.translated.language.rtl
    for run in package.runs:
        right = any(unicodedata.bidirectional(c) in _RTL for c in run.text)
        if right and not run.rtl:
            yield Finding(f"words from right to left are marked as running from left to right {_where(run)}")
        if _scripts(run) & COMPLEX_SCRIPTS and not run.complex:
            yield Finding(f"a complex script is not marked as one {_where(run)}")
        strong = [script_of(c) in RIGHT_TO_LEFT for c in text_of(run.paragraph) if script_of(c)]
        bidi = on(package.paragraph_property(run.paragraph, "bidi"))
        # A paragraph of foreign words alone may keep the direction of the document around it.
        if rtl in strong and bidi != rtl:
            yield Finding(f"the paragraph runs in the wrong direction {_where(run)}")
    for table in package.document.iter(f"{W}tbl"):
        if on(table.find(f"{W}tblPr/{W}bidiVisual")) != rtl:
            yield Finding("a table has its first column on the wrong side")
    for section in package.document.iter(f"{W}sectPr"):
        if on(section.find(f"{W}bidi")) != rtl:
            yield Finding("a section runs in the wrong direction")


@check("W045", source="UKAAF G003; RNIB Clear Print; ACB", suggestion="align text at the start")
def aligned(package: Package) -> Iterator[Finding]:
    """All text begins at one edge: never justified, never centered; only the page number is at the end.

    In a paragraph from right to left "right" means left, so neither word is used there.
    """
    for name, root in package.stories:
        for paragraph in root.iter(f"{W}p"):
            given = value(package.paragraph_property(paragraph, "jc"))
            bidi = on(package.paragraph_property(paragraph, "bidi"))
            allowed = {"", "start", "end"} if "footer" in name else {"", "start"}
            if given not in (allowed if bidi else allowed | {"left"}):
                yield Finding(f"aligned “{given}” in {name}: “{text_of(paragraph)[:40]}”")


@check("W046", source="UKAAF G003; RNIB Clear Print; APH", suggestion="use bold for emphasis")
def undecorated(package: Package) -> Iterator[Finding]:
    """Nothing is in italics, underlined, in capitals, raised, struck out or hidden; links neither.

    Slanted, underlined and raised letters lose the shapes by which weak eyes tell them apart. Links are
    bold and of another color, as on the printed page; on screen Word shows where the pointer is.
    """
    told: set[str] = set()
    for run in package.runs:
        for word in run.decoration:
            if word not in told:
                told.add(word)
                yield Finding(f"{word} {_where(run)}")


@check("W047", source="UKAAF G003 (clear sans-serif typeface)", suggestion=_AGAIN)
def families(subject: Subject, package: Package) -> Iterator[Finding]:
    """All text is in the typefaces that its edition was measured for.

    The size that makes letters tall enough in one typeface leaves them too small in another.
    """
    known = {face.family for face in subject.layout.faces}
    told: set[str] = set()
    for run in package.runs:
        if run.family not in known | told:
            told.add(run.family)
            yield Finding(f"the font {run.family or 'that Word chooses'} {_where(run)}")


@check(
    "W048",
    source="WCAG 2.2 SC 1.4.6; APH (no gray text)",
    suggestion="choose a darker ink or a lighter ground",
)
def strong_ink(package: Package) -> Iterator[Finding]:
    """Text stands out from its background by 7 to 1 or more.

    Ink on paper loses contrast to bad printers, bad light and clouded lenses; gray text is lost first.
    """
    told: set[tuple[str, str]] = set()
    for run in package.runs:
        pair = run.color, run.background
        ratio = contrast(_rgb(run.color), _rgb(run.background))
        if ratio < CONTRAST and pair not in told:
            told.add(pair)
            yield Finding(f"contrast of {ratio:.2f} to 1 {_where(run)}")


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color)
    return red, green, blue
