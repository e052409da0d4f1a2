"""WeasyPrint, kept in a cage: our fonts alone, no network, no warning ignored."""

from __future__ import annotations

import logging
import os
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.diagnostics import RenderError
from pipeline.fonts import Typeface
from pipeline.renderers.pdf import libraries

STYLES = files("pipeline.renderers") / "styles"
BASE = "pdf/a-2a"

# How many style sheets are kept parsed for a language: each edition, paper and last page has two.
_SHEETS = 32

# The faces of the machine are invisible from here on: a missing glyph must show in our checks, not
# be filled from whatever font a hospital's server happens to have.
os.environ["FONTCONFIG_FILE"] = str(STYLES / "fonts.conf")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # "No fonts configured": that is the point.
    libraries.load()
    import cssselect2  # type: ignore[import-untyped]
    import pydyf
    import weasyprint.document
    from weasyprint import CSS, DEFAULT_OPTIONS, HTML, Document
    from weasyprint.images import get_image_from_uri
    from weasyprint.pdf import VARIANTS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    from pipeline.renderers.pdf import glyphtext, haste, linebreaks, tagging

glyphtext.install()
haste.install()
linebreaks.install()
tagging.install()


# What is used of WeasyPrint beside what it offers: a test says when another version has it no more.
USED = (
    "weasyprint.DEFAULT_OPTIONS",
    "weasyprint.document.generate_pdf",
    "weasyprint.images.RasterImage.get_x_object",
    "weasyprint.images.get_image_from_uri",
    "weasyprint.pdf.VARIANTS",
    "weasyprint.document.DocumentMetadata.include_in_pdf",
    "cssselect2.ElementWrapper.from_html_root",
)


@dataclass(slots=True)
class Resources:
    """What one page may fetch: its pictures and its fonts, by address. A drawing is SVG, a bitmap PNG."""

    pictures: dict[str, bytes] = field(default_factory=dict)
    fonts: dict[str, Path] = field(default_factory=dict)


class Fetcher(URLFetcher):  # type: ignore[misc]
    """Serves the document's own resources and refuses everything else."""

    def __init__(self, resources: Resources) -> None:
        super().__init__(allowed_protocols=())
        self._resources = resources

    def fetch(self, url: str, _: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the drawing or the font of this address."""
        if url in self._resources.pictures:
            kind = "image/png" if url.startswith("bitmap:") else "image/svg+xml"
            return URLFetcherResponse(url, self._resources.pictures[url], {"Content-Type": kind})
        if url in self._resources.fonts:
            return URLFetcherResponse(
                url, self._resources.fonts[url].read_bytes(), {"Content-Type": "font/ttf"}
            )
        raise ValueError(f"a page may not fetch {url}")


class _Complaints(logging.Handler):
    """Collects what WeasyPrint logs as a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def strict() -> Iterator[None]:
    """Turn WeasyPrint's warnings into a `RenderError`."""
    logger, handler = logging.getLogger("weasyprint"), _Complaints()
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
    if handler.messages:
        raise RenderError(f"the page cannot be laid out cleanly: {'; '.join(handler.messages[:5])}")


class Fonts(FontConfiguration):  # type: ignore[misc]
    """A configuration with the style sheets that were parsed for it: their fonts are in it alone."""

    def __init__(self) -> None:
        super().__init__()
        self.parsed: dict[str, CSS] = {}


@cache
def font_configuration(_: tuple[Typeface, ...]) -> Fonts:
    """Return the configuration of these faces: one for all documents that share them."""
    return Fonts()


def lay_out(
    html: str,
    sheets: tuple[str, ...],
    *,
    faces: tuple[Typeface, ...],
    pictures: dict[str, bytes],
    variant: str = BASE,
) -> Document:
    """Return the laid-out pages of `html` for a variant of WeasyPrint's. Only `faces` and `pictures` load."""
    page = HTML(string=html, url_fetcher=Fetcher(Resources(pictures=pictures)))
    parsed = [_parsed(css, faces) for css in sheets]
    return page.render(stylesheets=parsed, font_config=font_configuration(faces), pdf_variant=variant)


class _Tree(HTML):  # type: ignore[misc]
    """A page that need not be parsed. Its tree must be what a parser would make of it."""

    def __init__(self, tree: ET.Element, fetcher: Fetcher) -> None:
        self.base_url, self.url_fetcher, self.media_type = None, fetcher, "print"
        self.wrapper_element = cssselect2.ElementWrapper.from_html_root(tree, content_language=None)
        self.etree_element = tree


def lay_out_tree(
    tree: ET.Element,
    sheets: tuple[str, ...],
    *,
    faces: tuple[Typeface, ...],
    pictures: dict[str, bytes],
    variant: str,
) -> Document:
    """Return the laid-out pages of an HTML tree, whose `pictures` are bitmaps that come again and again."""
    kept = {address: _bitmap(address, data) for address, data in pictures.items()}
    return _Tree(tree, Fetcher(Resources())).render(
        stylesheets=[_parsed(css, faces) for css in sheets],
        font_config=font_configuration(faces),
        pdf_variant=variant,
        cache=kept,
    )


# The copies of an organization have the same pictures, its logo and the code of its address; one job follows
# another for the same organizations in another language or edition.
@lru_cache(maxsize=64)
def _bitmap(address: str, data: bytes) -> Any:
    """Return a bitmap as WeasyPrint reads it, which is encoded for PDF only once. Raises `RenderError`."""
    fetcher = Fetcher(Resources(pictures={address: data}))
    image = get_image_from_uri({}, fetcher, DEFAULT_OPTIONS, address)
    if image is None:  # which must not be kept: the next page would go without it, and nobody be told
        raise RenderError(f"{address} cannot be read as a picture")
    encode = cache(image.get_x_object)
    image.get_x_object = lambda *asked: _copied(encode(*asked))
    return image


def _copied(stream: pydyf.Stream) -> pydyf.Stream:
    """Return a picture for one more PDF, where it and its mask get numbers of their own."""
    extra = pydyf.Dictionary(stream.extra)
    if "SMask" in extra:
        extra["SMask"] = _copied(extra["SMask"])
    return pydyf.Stream(stream.stream, extra, stream.compress)


def paint(laid_out: Document, variant: str) -> Any:
    """Return a document's pages as the objects of a PDF, tagged and without metadata."""
    _, properties = VARIANTS[variant]
    laid_out.metadata.include_in_pdf = lambda *_: None
    options = {**DEFAULT_OPTIONS, **properties, "pdf_variant": variant, "pdf_tags": True}
    return weasyprint.document.generate_pdf(laid_out, None, 1, **options)


def _parsed(css: str, faces: tuple[Typeface, ...]) -> CSS:
    """Return a style sheet parsed: half of the work for a page that is laid out alone."""
    fonts = font_configuration(faces)
    if css not in fonts.parsed:
        font_files = {f"font:{path.name}": path for face in faces for _, path in face.files}
        fetcher = Fetcher(Resources(fonts=font_files))
        while len(fonts.parsed) >= _SHEETS:
            del fonts.parsed[next(iter(fonts.parsed))]
        try:
            fonts.parsed[css] = CSS(string=css, font_config=fonts, url_fetcher=fetcher)
        except BaseException:
            # The next document would take a font that was half copied for a whole one, and end the process.
            font_configuration.cache_clear()
            raise
    return fonts.parsed[css]


def pango_version() -> str:
    """Return the version of Pango, the system library that shapes the text."""
    from weasyprint.text.ffi import pango  # noqa: PLC0415

    number = pango.pango_version()  # 15012 is 1.50.12
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
