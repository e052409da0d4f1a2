"""Nothing lost: the words of a document against the words that a reader gets out of its artefact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.checks.alignment import Match, align
from pipeline.checks.extraction import extract, normalize, tokens, unturned
from pipeline.checks.pages import UnreadableError
from pipeline.checks.pieces import descriptions, pieces
from pipeline.checks.registry import Finding, check
from pipeline.document import TranslatedDocument, plain_text

# How many words of Arabic script a PDF must give back whole. Measured with PDFium on the leaflet and two
# selections of it in three editions: 0.9990 to 1.0000, none with lam-alef turned round; the two words
# that are missing are a word and a number between which PDFium drops the space. Fonts that draw two
# letters as one glyph came to 0.85 to 0.91.
ARABIC_PDF_SHARE = 0.99
_FEW = 2

# A segment that keeps less than this is called lost, however little it weighs in the whole.
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the words of a document compare with those of an artefact.

    `turned` counts the words that were recognized only after lam-alef was put right: they are there,
    but a search for them finds nothing.
    """

    matches: tuple[Match, ...]
    turned: int

    @property
    def total(self) -> int:
        """How many words the document has."""
        return sum(len(match.places) for match in self.matches)

    @property
    def found(self) -> int:
        """How many of them are in the artefact, in order; of Arabic PDF, in their segment."""
        return sum(match.found for match in self.matches)

    @property
    def share(self) -> float:
        """The share of the words that come back whole and in order: 1.0 if nothing is lost."""
        return (self.found - self.turned) / self.total if self.total else 1.0


def compare(translated: TranslatedDocument, text: str, format: str) -> Comparison:
    """Compare a document with the text that was read out of its artefact."""
    read = tokens(text)
    tolerant = format == "pdf" and translated.language.script == "Arab"
    matches = align(pieces(translated, format), read, form=unturned if tolerant else str, loose=tolerant)
    turned = sum(
        place is not None and read[place] != word
        for match in matches
        for word, place in zip(match.piece.words, match.places, strict=True)
    )
    return Comparison(matches, turned)


def share(translated: TranslatedDocument, data: bytes, format: str) -> float:
    """Return the share of the document's words that come back whole, in order, from the artefact.

    Raises `UnreadableError`.
    """
    return compare(translated, extract(data, format), format).share


@check(
    "R001",
    source="project rule: the artefact says what the document says, in its order",
    suggestion="build the file again; if it stays, report which segment is lost",
)
def words(translated: TranslatedDocument, result: Comparison, format: str) -> Iterator[Finding]:
    """Every word of the document is in the artefact, in order.

    Validators do not notice a lost paragraph, and neither does a reader who has only this copy.
    `result` compares it with what an independent reader gets out. Of Arabic script in PDF, where
    readers themselves move Latin words and figures on their line, 99 of 100 words must come back
    whole, in whatever order inside their segment, and half of each segment.
    """
    lossy = [match for match in result.matches if match.lost]
    if format == "pdf" and translated.language.script == "Arab":
        gone = [m for m in lossy if len(m.places) > _FEW and m.found < _MOST * len(m.places)]
        broken = round(result.total * (1 - result.share))
        if not gone and broken <= max(_FEW, result.total * (1 - ARABIC_PDF_SHARE)):
            return
        if result.turned > _FEW:
            yield Finding(f"{result.turned} of {result.total} words have lam-alef turned round")
        lossy = gone or lossy
    if lossy:
        first = lossy[0].piece
        missing = result.total - result.found
        yield Finding(
            f"{missing} of {result.total} words are not in the text in their place; "
            f"the first is “{lossy[0].lost}” in “{first.name}”",
            first.location,
            hint=_hint(lossy),
        )


def _hint(lossy: Sequence[Match]) -> str:
    names = list(dict.fromkeys(match.piece.name for match in lossy))
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return f"segments with lost words: {', '.join(names[:5])}{more}"


@check(
    "R002",
    source="project rule: an artefact opens in a program that did not write it",
    suggestion="build the file again; a full disk or a broken copy is the usual cause",
)
def readable(fault: UnreadableError | None, format: str) -> Iterator[Finding]:
    """The artefact can be opened and read.

    A file that only its writer can read reaches nobody, and no other rule can be tried on it. `fault`
    is what the reader of the format met with.
    """
    if fault is not None:
        yield Finding(f"the {format} cannot be read: {fault}")


@check(
    "R003",
    source="WCAG 2.2 SC 1.1.1",
    suggestion="build the file again; if it stays, report which picture has lost its text",
)
def described(translated: TranslatedDocument, texts: Sequence[str], format: str) -> Iterator[Finding]:
    """Every picture has its alternative text in the artefact, in order.

    Who cannot see a picture has nothing else of it. `texts` are the alternative texts that an
    independent reader finds.
    """
    rest = iter([normalize(text) for text in texts])
    for segment in descriptions(translated):
        wanted = normalize(plain_text(segment.children))
        if wanted not in rest:
            yield Finding(
                f"the alternative text “{segment.id}” is not in the {format} in its place", segment.location
            )
            return
