"""The file as a whole: its parts, its settings, what it says of itself."""

from __future__ import annotations

import posixpath
import uuid
from collections import Counter
from collections.abc import Iterator

from pipeline.checks.extraction import normalize
from pipeline.checks.registry import Finding, check
from pipeline.checks.subject import Subject
from pipeline.checks.word.package import DC, RELATION, WP, Package, R, W, on, value
from pipeline.document import plain_text

_MODE = 15
_FONT_STARTS = (b"\0\1\0\0", b"OTTO", b"true")
_AGAIN = "build the file again; do not publish a file that was edited by hand"


@check("W001", source="ECMA-376 part 2, 9.3 (relationships)", suggestion=_AGAIN)
def relationships(package: Package) -> Iterator[Finding]:
    """Every part that another names is there.

    Word repairs a file with a broken relationship, or refuses it, and a repair may lose text.
    """
    for name, root in package.trees.items():
        if name.endswith(".rels"):
            base = posixpath.dirname(posixpath.dirname(name))
            for relation in root.iter(RELATION):
                target = relation.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(base, target)
                outside = relation.get("TargetMode") == "External"
                if not outside and posixpath.normpath(path) not in package.members:
                    yield Finding(f"{name} names {target}, which is not there")
            continue
        known = package.relations(name)
        for node in root.iter("*"):
            for key, given in node.attrib.items():
                if key.startswith(R) and given not in known:
                    yield Finding(f"{name} uses the relationship {given}, which is not there")


@check("W002", source="WCAG 2.2 SC 2.4.2; Microsoft accessibility rules", suggestion=_AGAIN)
def title(subject: Subject, package: Package) -> Iterator[Finding]:
    """The file's title is the document's.

    Screen readers speak the title first; without one they speak the name of the file.
    """
    wanted = plain_text(subject.translated.document.front.title.children)
    given = package.tree("docProps/core.xml").findtext(f"{DC}title") or ""
    if normalize(given) != normalize(wanted):
        yield Finding(f"the title in the properties is “{given}”, not “{wanted}”")


@check("W003", source="WCAG 2.2 SC 3.1.1; ECMA-376 part 1, 17.3.2.20", suggestion=_AGAIN)
def languages(subject: Subject, package: Package) -> Iterator[Finding]:
    """The document's language is in its properties and in every slot of its defaults.

    What is typed into the file later, and all that names no language of its own, is spoken and spelled
    in the default of its slot; one forgotten slot makes Hindi Arabic.
    """
    own = subject.translated.language
    given = package.tree("docProps/core.xml").findtext(f"{DC}language") or ""
    if given != own.tag:
        yield Finding(f"the language in the properties is “{given}”, not “{own.tag}”")
    default = package.tree("word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    for slot in ("val", "eastAsia", "bidi"):
        if value(default, slot) != own.regional:
            yield Finding(f"the default language in the slot {slot} is “{value(default, slot)}”")


@check("W004", source="Microsoft Open Specifications, [MS-DOCX] compatibilityMode", suggestion=_AGAIN)
def modern(package: Package) -> Iterator[Finding]:
    """The file opens as a file of today, not in compatibility mode.

    In compatibility mode Word lays out as an old Word did, and its accessibility checker is off.
    """
    settings = package.tree("word/settings.xml").iter(f"{W}compatSetting")
    modes = [value(s) for s in settings if value(s, "name") == "compatibilityMode"]
    if not modes or not modes[0].isdigit() or int(modes[0]) < _MODE:
        yield Finding(f"the compatibility mode is {modes[0] if modes else 'not set'}; it needs {_MODE}")


@check("W005", source="UKAAF G003; ACB", suggestion=_AGAIN)
def unhyphenated(package: Package) -> Iterator[Finding]:
    """Automatic hyphenation is off.

    The two halves of a word are two riddles.
    """
    setting = package.tree("word/settings.xml").find(f"{W}autoHyphenation")
    if setting is None or on(setting):
        yield Finding("automatic hyphenation is not switched off")


@check("W006", source="Microsoft accessibility rules (document access)", suggestion=_AGAIN)
def unprotected(package: Package) -> Iterator[Finding]:
    """Nothing keeps the reader out: no protection, no question on opening.

    Protection keeps some screen readers from the text, and readers from making the letters larger.
    """
    settings = package.tree("word/settings.xml")
    protection = settings.find(f"{W}documentProtection")
    if protection is not None and value(protection, "enforcement") not in ("", "0", "false", "off"):
        yield Finding("the document is protected against changes")
    if on(settings.find(f"{W}updateFields")):
        yield Finding("Word asks on opening whether to update the fields")


@check("W007", source="ECMA-376 part 4, 2.8.1 (font embedding)", suggestion=_AGAIN)
def embedded_fonts(subject: Subject, package: Package) -> Iterator[Finding]:
    """Every font that the file claims to bring along is in it and can be read; every font is declared.

    Where a font is missing Word takes another, whose letters may be smaller, or may not be there.
    """
    part = "word/fontTable.xml"
    table, relations = package.tree(part), package.relations(part)
    declared = {value(font, "name") for font in table.iter(f"{W}font")}
    for face in subject.layout.faces:
        if face.family not in declared:
            yield Finding(f"the font {face.family} is not declared")
    claims = [node for node in table.iter("*") if str(node.tag).startswith(f"{W}embed")]
    for claim in claims:
        relation = relations.get(claim.get(f"{R}id", ""))
        data = b"" if relation is None else package.members.get(f"word/{relation.get('Target')}", b"")
        if not _unmask(data, value(claim, "fontKey")).startswith(_FONT_STARTS):
            yield Finding(f"the font {value(claim.getparent(), 'name')} is claimed, and cannot be read")
    wanted = on(package.tree("word/settings.xml").find(f"{W}embedTrueTypeFonts"))
    if wanted != bool(claims):
        yield Finding(f"the settings {'claim' if wanted else 'deny'} that fonts are embedded")


def _unmask(data: bytes, key: str) -> bytes:
    """Return the start of an obfuscated font."""
    try:
        mask = uuid.UUID(key).bytes[::-1]
    except ValueError:
        return b""
    return bytes(a ^ b for a, b in zip(data, mask, strict=False))


@check("W008", source="ECMA-376 part 1, 20.4.2.5 and 17.13.6.2", suggestion=_AGAIN)
def unique_ids(package: Package) -> Iterator[Finding]:
    """No two pictures share an id, and no two bookmarks a name or an id.

    Of two bookmarks with one name Word drops one, and links go to the other's place.
    """
    sorts = (
        ("picture id", f"{WP}docPr", "id"),
        ("bookmark name", f"{W}bookmarkStart", f"{W}name"),
        ("bookmark id", f"{W}bookmarkStart", f"{W}id"),
    )
    for what, tag, attribute in sorts:
        counts = Counter(node.get(attribute) for _, root in package.stories for node in root.iter(tag))
        for name, count in counts.items():
            if count > 1:
                yield Finding(f"the {what} {name} is used {count} times")


@check("W009", source="RNIB Clear Print; ACB", suggestion=_AGAIN)
def page_fields(package: Package) -> Iterator[Finding]:
    """Every page has its number, which Word counts.

    Someone who drops the sheets, or is told of "page 3", needs it; a typed number is soon wrong.
    """
    for section in package.document.iter(f"{W}sectPr"):
        feet = section.findall(f"{W}footerReference")
        names = [package.relations("word/document.xml").get(foot.get(f"{R}id", "")) for foot in feet]
        parts = [package.tree(f"word/{name.get('Target')}") for name in names if name is not None]
        codes = [(code.text or "").split()[:1] for part in parts for code in part.iter(f"{W}instrText")]
        if not parts or ["PAGE"] not in codes:
            yield Finding("a section has no footer with the number of the page")
