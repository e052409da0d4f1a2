"""Pictures, controls and what floats: Microsoft's accessibility rules for objects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.extraction import normalize
from pipeline.checks.registry import Finding, check
from pipeline.checks.subject import Subject
from pipeline.checks.word.package import WP, Package, W, value
from pipeline.document import Image, Picture, plain_text, walk

_MICROSOFT = "Microsoft accessibility rules"
_PLACEHOLDER = re.compile(
    r".*\.(png|jpe?g|gif|svg|emf|wmf|tiff?)|(image|picture|photo|figure|graphic)[\s\-_]*\d*", re.I
)
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_FLOATING = {
    f"{WP}anchor": "a floating picture",
    f"{W}pict": "a picture of the old kind",
    f"{W}txbxContent": "a text box",
    f"{W}framePr": "a frame",
    f"{W}object": "an embedded object",
    f"{W}tblpPr": "a floating table",
}


@check("W010", source=f"WCAG 2.2 SC 1.1.1; {_MICROSOFT}", suggestion="build the file again")
def alternatives(subject: Subject, package: Package) -> Iterator[Finding]:
    """Every picture has its alternative text, which is no placeholder; decoration has none.

    A picture without words is a gap in the text; "image1.png" is worse than a gap.
    """
    given = []
    for _, root in package.stories:
        for node in root.iter(f"{WP}docPr"):
            words = (node.get("descr") or "").strip()
            decorative = any(d.get("val") in ("1", "true") for d in node.iter(_DECORATIVE))
            name = node.get("name") or node.get("id")
            if decorative and words:
                yield Finding(f"{name} is marked as decoration and has an alternative text")
            elif not decorative and not words:
                yield Finding(f"{name} has no alternative text and is not marked as decoration")
            elif not decorative and _PLACEHOLDER.fullmatch(words):
                yield Finding(f"the alternative text of {name} is a placeholder: “{words}”")
            if not decorative:
                given.append(normalize(words))
    images = (n for n in walk(subject.translated.document) if isinstance(n, Image | Picture))
    wanted = [normalize(plain_text(image.alt.children)) for image in images]
    if given != wanted:
        yield Finding(
            f"{len(given)} pictures with the texts of {len(set(given) & set(wanted))} of {len(wanted)}"
        )


@check("W011", source=f"{_MICROSOFT} (objects in line with text)", suggestion="put the object in the line")
def in_line(package: Package) -> Iterator[Finding]:
    """Nothing floats: no text boxes, frames, watermarks or pictures beside the text.

    A screen reader comes upon what floats at the end, or never; enlarged text runs over it.
    """
    for name, root in package.stories:
        for node in root.iter(*_FLOATING):
            yield Finding(f"{name} has {_FLOATING[node.tag]}")


@check("W012", source=f"{_MICROSOFT} (content controls)", suggestion="give the control a title")
def controls_titled(package: Package) -> Iterator[Finding]:
    """Every content control has a title.

    The title is all that a screen reader says on entering it.
    """
    for name, root in package.stories:
        for control in root.iter(f"{W}sdt"):
            if not value(control.find(f"{W}sdtPr/{W}alias")).strip():
                yield Finding(f"{name} has a content control without a title")
