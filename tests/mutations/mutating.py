"""What a mutation is, and the clean files that mutations damage, each made once.

A mutation does one realistic harm to a finished file, a catalog or a source, and names the rules of
which at least one must notice it: a code of `checks.every_rule`, or of a reader's refusal.
"""

from __future__ import annotations

import atexit
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from lxml import etree

from pipeline import checks
from pipeline.checks import Subject
from pipeline.config import Facts
from pipeline.config import load as load_settings
from pipeline.diagnostics import PipelineError, Severity, findings
from pipeline.document import Node, TranslatedDocument, transform
from pipeline.editions import Layout, Target
from pipeline.making import companions_of
from pipeline.plan import Wishes, targets
from pipeline.renderers import FORMATS
from pipeline.selection import select
from pipeline.workspace import book_of, layout_of, load, translated

ROOT = Path(__file__).parent.parent.parent
PREPARED = Path(tempfile.gettempdir()) / "handout-test-prepared"
HANDOUT = "infant-form"


@dataclass(frozen=True, slots=True)
class Mutation:
    """A harm. `find` does it and returns the codes of what is reported then.

    `excuse` says why no rule can notice it; such a mutation counts as missed.
    """

    name: str
    claims: frozenset[str]
    find: Callable[[], frozenset[str]]
    excuse: str = ""


MUTATIONS: dict[str, Mutation] = {}


def add(name: str, claims: str, find: Callable[[], frozenset[str]], *, excuse: str = "") -> None:
    """Add a mutation to the table. Raises `ValueError` if the name is taken."""
    if name in MUTATIONS:
        raise ValueError(f"two mutations are called {name}")
    claimed = frozenset(c.strip() for c in claims.split(",") if c.strip())
    MUTATIONS[name] = Mutation(name, claimed, find, excuse)


# --- Clean files --------------------------------------------------------------------------------


@cache
def target(tag: str, format: str, edition: str = "clear", handout: str = HANDOUT) -> Target:
    """Return the first target of the shipped project with these properties."""
    return next(
        t
        for t in targets(load(ROOT)[0].settings, Wishes())
        if (t.language, t.format, t.edition, t.handout) == (tag, format, edition, handout)
    )


@cache
def chosen(tag: str, handout: str = HANDOUT) -> TranslatedDocument:
    """Return a handout in a language."""
    return select(translated(ROOT, tag), handout)


@cache
def pages(tag: str, edition: str) -> dict[str, int]:
    """Return the pages of the print beside an e-book."""
    layout = layout_of(ROOT, target(tag, "pdf", edition), PREPARED)
    return dict(FORMATS["pdf"](chosen(tag), layout, companions_of(target(tag, "pdf"), (), {})).page_of)


@cache
def clean(tag: str, format: str, edition: str = "clear", handout: str = HANDOUT) -> Subject:
    """Return a clean finished file."""
    wanted = target(tag, format, edition, handout)
    everything = tuple(targets(load(ROOT)[0].settings, Wishes()))
    layout = layout_of(ROOT, wanted, PREPARED)
    beside = companions_of(wanted, everything, pages(tag, edition) if format == "epub" else {})
    data = FORMATS[format](chosen(tag, handout), layout, beside).data
    return Subject(wanted, chosen(tag, handout), layout, data)


def reported(subject: Subject) -> frozenset[str]:
    """Return the codes of all that is found in a file and is worse than a remark."""
    found = findings(checks.check_artefact(subject))
    return frozenset(d.code for d in found if d.severity > Severity.INFO)


# --- Ways to do harm ----------------------------------------------------------------------------

Bytes = Callable[[bytes], bytes]


def damaged(subject: Subject, harm: Bytes) -> Subject:
    """Return a file after `harm`, which must have changed it."""
    data = harm(subject.data)
    assert data != subject.data, "the mutation did nothing"
    return replace(subject, data=data)


def on(tag: str, format: str, edition: str = "clear", *, handout: str = HANDOUT) -> Callable[[Bytes], Any]:
    """Return what turns a harm to the bytes of a clean file into a search for it."""
    return lambda harm: lambda: reported(damaged(clean(tag, format, edition, handout), harm))


def reworded(tag: str, format: str, edition: str, change: Callable[[Node], Node]) -> frozenset[str]:
    """Return what is reported of a file that was made from a document with `change` in it."""
    good = clean(tag, format, edition)
    other = replace(good.translated, document=transform(good.translated.document, change))
    assert other.document != good.translated.document, "the mutation did nothing"
    beside = companions_of(good.target, (), pages(tag, edition) if format == "epub" else {})
    return reported(replace(good, data=FORMATS[format](other, good.layout, beside).data))


def remeasured(tag: str, edition: str, **changes: Any) -> frozenset[str]:
    """Return what is reported of a print that was set to other measures than it should be."""
    good = clean(tag, "pdf", edition)
    other: Layout = replace(good.layout, **changes)
    data = FORMATS["pdf"](good.translated, other, companions_of(good.target, (), {})).data
    return reported(replace(good, data=data))


def text_of(change: Callable[[str], str]) -> Bytes:
    """Return a harm to a text file."""
    return lambda data: change(data.decode()).encode()


def swap(old: str, new: str, count: int = 1) -> Bytes:
    """Return a harm that puts `new` in the place of `old` in a text file."""
    return text_of(lambda text: text.replace(old, new, count))


def member(name: str, change: Callable[[str], str], *, every: bool = False) -> Bytes:
    """Return a harm to the members of a zip whose names end with `name`: to the first that it changes."""

    def harm(data: bytes) -> bytes:
        out = io.BytesIO()
        done = False
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as fresh:
            for item in archive.infolist():
                content = archive.read(item)
                if item.filename.endswith(name) and (every or not done):
                    text = content.decode()
                    content = change(text).encode()
                    done = done or content.decode() != text
                fresh.writestr(item, content)
        return out.getvalue()

    return harm


def inside(name: str, old: str, new: str, count: int = 1) -> Bytes:
    """Return a harm that puts `new` in the place of `old` in a member of a zip."""
    return member(name, lambda text: text.replace(old, new, count))


def pdf(change: Callable[[pikepdf.Pdf], None]) -> Bytes:
    """Return a harm to the objects of a PDF."""

    def harm(data: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(data)) as document:
            # Saving alone changes bytes, so that a harm is measured by a file that was saved without it.
            before = _saved(document)
            change(document)
            after = _saved(document)
        assert after != before, "the mutation did nothing"
        return after

    return harm


def _saved(document: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    document.save(out, static_id=True)
    return out.getvalue()


def elements(document: pikepdf.Pdf, *names: str) -> Iterator[Any]:
    """Yield the structure elements of some types, in the order of the tree."""
    waiting: list[Any] = [document.Root.StructTreeRoot]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary):
            if str(node.get("/S", "")) in names:
                yield node
            if "/K" in node:
                waiting.append(node["/K"])


def xml(change: Callable[[Any], None]) -> Callable[[str], str]:
    """Return a change of the text of an XML document by way of its tree."""

    def run(text: str) -> str:
        root = etree.fromstring(text.encode())
        change(root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8").decode()

    return run


# --- Catalogs and sources -----------------------------------------------------------------------


def refused(change: Callable[[Path], None], tag: str = "sv") -> frozenset[str]:
    """Return what is reported of a copy of the project after `change` and was not reported before."""
    folder = Path(tempfile.mkdtemp(prefix="handout-mutation-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(ROOT / "source", folder / "source")
    shutil.copytree(ROOT / "translations" / tag, folder / "translations" / tag)
    change(folder)
    return frozenset(code for code, _ in _told(folder, tag) - _told(ROOT, tag))


def _told(folder: Path, tag: str) -> frozenset[tuple[str, str]]:
    """Return the codes and messages of what readers and rules say of a source and a translation."""
    try:
        _, document = load(folder)
        facts = load_settings(folder / "source" / "facts.toml", Facts, root=folder)
        translated(folder, tag)
        found = findings(
            (*checks.check_source(document, facts), *checks.check_translation(book_of(folder, tag)))
        )
    except PipelineError as error:
        found = tuple(d for d in error.diagnostics if d.severity >= Severity.ERROR)
    return frozenset((d.code, d.message) for d in found if d.severity > Severity.INFO)


def edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Return a change of a file of a project: `new` for the first `old`."""

    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} does not hold {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change
