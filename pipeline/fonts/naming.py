"""What a changed font calls itself: its own name, its makers' notice and license, and that it was changed."""

from __future__ import annotations

from fontTools.ttLib import TTFont

_WINDOWS, _UNICODE_BMP, _ENGLISH = 3, 1, 0x409
_FAMILY, _STYLE, _UNIQUE, _FULL, _VERSION, _POSTSCRIPT, _DESCRIPTION = 1, 2, 3, 4, 5, 6, 10
# Names of larger families, and of the variations that a static instance no longer has.
_SUPERSEDED = (16, 17, 21, 22, 25)

_BOLD_STYLE, _REGULAR_STYLE, _BOLD_MACINTOSH = 1 << 5, 1 << 6, 1 << 0


def rename(font: TTFont, *, family: str, bold: bool, note: str) -> None:
    """Give a font the name `family` as its regular or bold, and the description `note`.

    The copyright notice and the license stay in place, as the SIL Open Font License 1.1 (2) wants.
    Word and LibreOffice find the bold of a family by these names and flags, not by its weight.
    """
    style = "Bold" if bold else "Regular"
    postscript = f"{family.replace(' ', '')}-{style}"
    names = font["name"]
    version = names.getDebugName(_VERSION) or "Version 1.0"
    names.names = [
        record
        for record in names.names
        if (record.platformID, record.langID) == (_WINDOWS, _ENGLISH) and record.nameID not in _SUPERSEDED
    ]
    texts = {
        _FAMILY: family,
        _STYLE: style,
        _UNIQUE: f"{version};{postscript}",
        _FULL: f"{family} {style}",
        _POSTSCRIPT: postscript,
        _DESCRIPTION: note,
    }
    for number, text in texts.items():
        names.setName(text, number, _WINDOWS, _UNICODE_BMP, _ENGLISH)
    _flag(font, bold=bold)


def _flag(font: TTFont, *, bold: bool) -> None:
    metrics, head = font["OS/2"], font["head"]
    plain = metrics.fsSelection & ~(_BOLD_STYLE | _REGULAR_STYLE)
    metrics.fsSelection = plain | (_BOLD_STYLE if bold else _REGULAR_STYLE)
    head.macStyle = head.macStyle & ~_BOLD_MACINTOSH | (_BOLD_MACINTOSH if bold else 0)
