"""HTML: one self-contained page (WCAG 2.2 AA), with links to its translations and other formats."""

from __future__ import annotations

import base64
import hashlib
import xml.etree.ElementTree as ET
from importlib.resources import files

from pipeline.document import Picture, TranslatedDocument, plain_text
from pipeline.editions import Layout, Rendition
from pipeline.languages import language
from pipeline.passport import Passport, linked_data
from pipeline.renderers.content import blocks, front_matter, toc_entries
from pipeline.renderers.drawing import inline_picture, sized_picture
from pipeline.renderers.elements import Content, content, element
from pipeline.renderers.front import status_label
from pipeline.renderers.phrases import voice
from pipeline.renderers.webfonts import WebFont, web_fonts

_STYLES = files("pipeline.renderers") / "styles"


def render(
    translated: TranslatedDocument,
    layout: Layout,
    *,
    translations: tuple[tuple[str, str], ...] = (),
    formats: tuple[tuple[str, str, str], ...] = (),
    passport: Passport | None = None,
) -> Rendition:
    """Return the page. `translations` are (language tag, address), `formats` (format, edition, address)."""
    names = "".join(language(tag).name for tag, _ in translations)
    fonts = web_fonts(translated, layout, extra=names)
    style = _style(layout, fonts)
    document, own = translated.document, translated.language
    front = document.front

    to = content(translated, lambda image: inline_picture(image, language=own, faces=layout.faces), _bitmap)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        # Nothing runs and nothing is fetched: what a translation could smuggle in would stay dead.
        element("meta", **{"http-equiv": "Content-Security-Policy"}, content=_policy(style)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", plain_text(front.title.children)),
        element("meta", name="description", content=plain_text(front.summary.children)),
        element("meta", name="dcterms.modified", content=document.revision.isoformat()),
        element("meta", name="translation-status", content=status_label(translated)),
        *(element("link", rel="alternate", hreflang=tag, href=address) for tag, address in translations),
        # Data, which no browser runs: the policy above stays as strict as it is.
        element("script", linked_data(passport), type="application/ld+json") if passport else None,
        element("style", style),
    )
    cover = element("header", *front_matter(translated, to))
    main = element(
        "main",
        cover,
        _contents(translated, to) if document.contents else None,
        *blocks(document.blocks, to),
        id="main_",
        tabindex="-1",
    )
    for table in main.iter("table"):
        table.set("class", "responsive")
    body = element(
        "body",
        element("a", to.labels["skip-to-content"], href="#main_", class_="skip"),
        _languages(translations, to) if translations else None,
        main,
        _formats(formats, to) if formats else None,
    )
    page = element("html", head, body, lang=own.tag, dir=own.direction)
    data = b"<!DOCTYPE html>\n" + ET.tostring(page, encoding="unicode", method="html").encode() + b"\n"
    return Rendition(data)


def _bitmap(picture: Picture) -> ET.Element:
    address = f"data:image/png;base64,{base64.b64encode(picture.data).decode()}"
    return sized_picture(picture, address)


def _style(layout: Layout, fonts: tuple[WebFont, ...]) -> str:
    faces = "".join(
        f"@font-face{{font-family:'{font.family}';font-weight:{font.weight};font-display:swap;"
        f"src:url(data:font/woff2;base64,{base64.b64encode(font.data).decode()}) format('woff2')}}\n"
        for font in fonts
    )
    family = ", ".join(f"'{face.family}'" for face in layout.stack)
    return f"\n{faces}body{{font-family:{family},sans-serif}}\n{(_STYLES / 'web.css').read_text('utf-8')}"


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _languages(translations: tuple[tuple[str, str], ...], to: Content) -> ET.Element:
    """Return the language switcher; each language has its own name, in its own direction."""
    own = to.language.tag
    items = []
    for tag, address in translations:
        other = language(tag)
        attributes = {"lang": tag, "dir": other.direction}
        if tag == own:
            items.append(element("li", element("strong", other.name, aria_current="true", **attributes)))
        else:
            items.append(element("li", element("a", other.name, href=address, hreflang=tag, **attributes)))
    heading = element("h2", to.labels["languages"], id="languages_")
    return element(
        "nav", heading, " ", element("ul", *items), class_="top languages", aria_labelledby="languages_"
    )


def _contents(translated: TranslatedDocument, to: Content) -> ET.Element:
    entries = (
        element(
            "li",
            element("a", plain_text(h.text.children), href=f"#{anchor}", **voice(h.text, to)),
            class_=f"level-{h.level}",
        )
        for h, anchor in toc_entries(translated.document)
    )
    heading = element("h2", to.labels["contents"], id="contents_")
    return element("nav", heading, element("ol", *entries), class_="contents", aria_labelledby="contents_")


def _formats(formats: tuple[tuple[str, str, str], ...], to: Content) -> ET.Element:
    items = (
        element(
            "li",
            element("a", f"{to.labels[f'format-{name}']} – {to.labels[f'edition-{edition}']}", href=address),
        )
        for name, edition, address in formats
    )
    heading = element("h2", to.labels["formats"], id="formats_")
    nav = element("nav", heading, element("ul", *items), class_="formats", aria_labelledby="formats_")
    return element("footer", nav)
