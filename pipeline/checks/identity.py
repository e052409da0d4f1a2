"""The passport inside a finished file, read by other libraries than those that wrote it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import pikepdf
from lxml import etree, html

from pipeline.passport import NAMESPACE, PREFIX, PROPERTY, Passport, from_json

# A file from anywhere may claim to unpack to more than a machine holds.
_LARGEST = 20_000_000


class NoPassportError(Exception):
    """The file cannot be read, or holds no passport; the message says which."""


def read_passport(data: bytes) -> Passport:
    """Return the passport in a file, whatever its name. Raises `NoPassportError`."""
    kind = format_of(data)
    if not kind:
        raise NoPassportError("it is no PDF, Word, EPUB or HTML file; plain text carries no passport")
    try:
        text = _READERS[kind](data)
    except (pikepdf.PdfError, zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, OSError) as error:
        raise NoPassportError("it is damaged and cannot be read") from error
    except (RuntimeError, NotImplementedError, EOFError, AttributeError, TypeError) as error:
        raise NoPassportError("it is damaged, encrypted or not of the form that it claims") from error
    if not text:
        raise NoPassportError("it holds no passport: it was not made by handout, or the passport was removed")
    record = from_json(text)
    if record is None:
        raise NoPassportError("its passport cannot be read: it was damaged, or written by another version")
    return record


def format_of(data: bytes) -> str:
    """Return the format of a file from its content; "" for one that has no place for a passport."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK"):
        return "epub" if b"application/epub+zip" in data[:100] else "docx"
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if start.startswith((b"<!doctype html", b"<html")) else ""


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _pdf(data: bytes) -> str:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if "/Metadata" not in pdf.Root:
            return ""
        root = etree.fromstring(pdf.Root.Metadata.read_bytes(), _parser())
    return _text(root.find(f".//{{{NAMESPACE}}}{PROPERTY}"))


def _epub(data: bytes) -> str:
    container = _member(data, "META-INF/container.xml")
    path = next(r.get("full-path", "") for r in container.iter("{*}rootfile"))
    metas = _member(data, path).iter("{http://www.idpf.org/2007/opf}meta")
    return next((_text(m) for m in metas if m.get("property") == f"{PREFIX}:{PROPERTY}"), "")


def _docx(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "docProps/custom.xml" not in archive.namelist():
            return ""
    properties = {
        p.get("name", ""): "".join(p.itertext())
        for p in _member(data, "docProps/custom.xml").iter("{*}property")
    }
    names = sorted(n for n in properties if n.startswith(f"{PREFIX}.{PROPERTY}."))
    return "".join(properties[name] for name in names)


def _html(data: bytes) -> str:
    page = html.document_fromstring(data.decode("utf-8"), parser=html.HTMLParser(no_network=True))
    for script in page.iter("script"):
        if script.get("type") != "application/ld+json":
            continue
        identifier = json.loads(script.text or "{}").get("identifier", {})
        if identifier.get("propertyID") == f"{NAMESPACE}{PROPERTY}":
            return str(identifier["value"])
    return ""


def _member(data: bytes, name: str) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.getinfo(name).file_size > _LARGEST:
            raise ValueError(name)
        return etree.fromstring(archive.read(name), _parser())


def _text(node: Any) -> str:
    return "" if node is None else str(node.text or "")


_READERS: Mapping[str, Callable[[bytes], str]] = MappingProxyType(
    {"pdf": _pdf, "epub": _epub, "docx": _docx, "html": _html}
)
