"""Small pages, laid out and written as the renderer does it."""

from __future__ import annotations

from rendered import layout

from pipeline.fonts import Typeface
from pipeline.renderers.pdf import engine


def set_page(
    body: str, css: str = "", *, lang: str = "en", direction: str = "ltr", faces: tuple[Typeface, ...] = ()
) -> bytes:
    """Return the PDF of a small page, in the faces of the language or in `faces`."""
    head = "<head><title>It</title></head>"
    html = f'<html lang="{lang}" dir="{direction}">{head}<body>{body}</body></html>'
    own = faces or layout(lang).faces
    fonts = "".join(
        f"@font-face {{ font-family: '{f.family}'; font-weight: {w}; src: url(font:{p.name}) }}\n"
        for f in own
        for w, p in f.files
    )
    look = f"html {{ font-family: {', '.join(repr(f.family) for f in own)} }}"
    sheets = (fonts + look, css)
    with engine.strict():
        laid_out = engine.lay_out(html, sheets, faces=own, pictures={}, variant="pdf/a-2a")
        data: bytes = laid_out.write_pdf(pdf_variant="pdf/a-2a")
    return data
