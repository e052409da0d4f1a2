"""Values: what a cell may hold. Each function returns the value as it is used, or raises `ValueFault`."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# Joiners without which Persian and Indic words are misspelled; every other unseen character is refused.
_JOINERS = "\u200c\u200d"
_MARKUP = re.compile(r"<[^>]*>?|>|&(?:#\d+|#x[0-9a-f]+|[a-z]+[0-9]*);", re.I)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_EMAIL = re.compile(rf"[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}@({_HOST.pattern})")
_PHONE = re.compile(r"\+?[\d()][\d ()./\u00a0\u2011-]*")
_LONGEST_ID = 100  # bytes, so that a path with it stays short
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))}
)


class ValueFault(Exception):  # noqa: N818
    """A value is not what its column holds; `hint` says what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def clean(text: str, *, longest: int, lines: bool = False) -> str:
    """Return a text in NFC, its spaces tidied; with `lines` its line ends are kept as `\\n`.

    Refused are what cannot have been meant: bytes of another encoding, controls and marks that turn
    text round (UAX #9), and markup.
    """
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueFault("it has bytes that are not UTF-8", "save the table as “CSV UTF-8”")
    parts = [" ".join(part.split()) for part in re.split(r"\r\n|\r|\n", unicodedata.normalize("NFC", text))]
    tidy = ("\n" if lines else " ").join(filter(None, parts))
    for character in tidy:
        kind = unicodedata.category(character)
        if character == "\ufffd" or (kind in ("Cc", "Cf", "Co", "Cn") and character not in f"{_JOINERS}\n"):
            raise ValueFault(
                f"it has the character U+{ord(character):04X}, which nobody sees", "type it again"
            )
    if _is_misread(tidy):
        raise ValueFault(f"“{tidy}” was read in a wrong encoding", "save the table as “CSV UTF-8”")
    found = _MARKUP.search(tidy)
    if found:
        raise ValueFault(f"it has markup: {found[0]}", "write plain text")
    if len(tidy) > longest:
        raise ValueFault(f"it has {len(tidy)} characters; at most {longest} have room")
    return tidy


def _is_misread(text: str) -> bool:
    """Whether a text is UTF-8 that was taken for Windows-1252: “CafÃ©”."""
    try:
        return text.encode("cp1252").decode("utf-8") != text
    except UnicodeError:
        return False


def identifier(text: str) -> str:
    """Return an id: letters and digits of any script, hyphens, underscores. It names a folder."""
    allowed = all(c in "-_" or unicodedata.category(c)[0] in "LNM" for c in text)
    if not text or not allowed or text[0] in "-_" or unicodedata.category(text[0])[0] == "M":
        raise ValueFault(f"“{text}” is no id", "use letters, digits and hyphens, as in city-hospital")
    if len(text.encode()) > _LONGEST_ID or text.casefold() in _RESERVED:
        raise ValueFault(f"“{text}” cannot be the name of a folder", "choose another id")
    return text


def is_id(text: str) -> bool:
    """Whether a text can be the id of an organization, and so the name of a folder."""
    try:
        return identifier(text) == text
    except ValueFault:
        return False


def phone(text: str) -> str:
    """Return a phone number as it is shown; its digits may be those of any script."""
    if not _PHONE.fullmatch(text) or sum(map(str.isdecimal, text)) < 2:
        raise ValueFault(f"“{text}” is no phone number", "write digits and spaces, as in +44 20 7946 0018")
    return text


def dialled(number: str) -> str:
    """Return the `tel:` address of a phone number (RFC 3966): +44 (0)20 is dialled without the 0."""
    shown = number.replace("(0)", "") if number.startswith("+") else number
    digits = "".join(str(unicodedata.decimal(c)) for c in shown if c.isdecimal())
    return f"tel:{'+' if number.startswith('+') else ''}{digits}"


def email(text: str) -> str:
    """Return an e-mail address (RFC 5322, 3.4.1, as far as people use it)."""
    if not _EMAIL.fullmatch(text):
        raise ValueFault(f"“{text}” is no e-mail address")
    return text


def web(text: str) -> str:
    """Return a web address in ASCII (RFC 3986), with its scheme. Only http and https are known."""
    whole = text if "://" in text else f"https://{text}"
    hint = "write it as in www.example.org/contact"
    if any(c.isspace() or c in "\"'\\^`{|}" for c in whole):
        raise ValueFault(f"“{text}” is no web address", hint)
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
        ascii_host = host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise ValueFault(f"“{text}” is no web address", hint) from error
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not _HOST.fullmatch(host):
        raise ValueFault(f"“{text}” is no web address", hint)
    rest = quote(parts.path or "", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    fragment = f"#{quote(parts.fragment, safe='/%:@!$&()*+,;=~-._?')}" if parts.fragment else ""
    return f"{parts.scheme}://{ascii_host}{port}{rest}{query}{fragment}"


def names(text: str, *, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list of names, each of them known; spaces, commas or semicolons stand between them."""
    found = tuple(dict.fromkeys(filter(None, re.split(r"[\s,;]+", text))))
    by_name = {name.casefold(): name for name in known}
    for name in found:
        if name.casefold() not in by_name:
            raise ValueFault(f"there is no “{name}”", f"known are: {', '.join(known)}")
    return tuple(by_name[name.casefold()] for name in found)
