"""Shorter ways through the functions of WeasyPrint that run most often; what comes out is the same.

A leaflet of 40 pages asks 75,000 times for a property of a style that nobody has asked for before.
Nearly all of them are set nowhere: they are inherited, or initial. WeasyPrint 70 finds that out at the
end of a long function; here it is asked first, and whatever is not plain goes the long way. The
settings of Pango for a style are made once, not for each line of text in it.

Nothing of ours sets a style's font, language or direction after text was laid out in it, which is
what keeping them with the style rests on: no style sheet has `::first-line` or `::first-letter`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from weasyprint import css
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS
from weasyprint.css.functions import check_math
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES
from weasyprint.layout import percent
from weasyprint.text import line_break
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import ffi, gobject, pango, unicode_to_char_p
from weasyprint.text.fonts import font_features, get_font_description

_STYLES = (css.ComputedStyle, css.AnonymousStyle)
_FEATURES = (
    "font_kerning",
    "font_variant_ligatures",
    "font_variant_position",
    "font_variant_caps",
    "font_variant_numeric",
    "font_variant_alternates",
    "font_variant_east_asian",
    "font_feature_settings",
)

_SPECIAL = frozenset({"float", "display", "position", "page"})

_PLAIN = frozenset(
    key for key in INITIAL_VALUES if key not in _SPECIAL and not key.startswith(("text_decoration_", "__"))
)
_INHERITED = _PLAIN & frozenset(INHERITED)
_INITIAL = {
    key: value
    for key, value in INITIAL_VALUES.items()
    if key in _PLAIN - _INHERITED and key not in INITIAL_NOT_COMPUTED and not check_math(value)
}
# The name of a physical property in each direction: margin_left is margin_inline_start, or …_end.
_LOGICAL = {
    (key, direction): name(block="ttb", inline=direction)
    for key, name in PHYSICAL_FUNCTIONS.items()
    for direction in ("ltr", "rtl")
}


def install() -> None:
    """Replace the functions in WeasyPrint."""
    if hasattr(css.ComputedStyle.__missing__, "__wrapped__"):
        return
    css.ComputedStyle.__missing__ = _plain_first(css.ComputedStyle.__missing__)
    percent.resolve_one_percentage = _fixed_first(percent.resolve_one_percentage)
    line_break._font_style_cache_key = _kept_key(line_break._font_style_cache_key)
    line_break.Layout.setup = _kept_settings(line_break.Layout.setup)


def _plain_first(missing: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """Return `ComputedStyle.__missing__` with a way of its own for what is set nowhere."""

    @wraps(missing)
    def value_of(style: Any, key: str) -> Any:
        cascaded = style.cascaded
        if key in cascaded or (
            key in PHYSICAL_FUNCTIONS and _LOGICAL.get((key, style["direction"]), key) in cascaded
        ):
            return missing(style, key)
        if key in _INITIAL:
            value = style[key] = _INITIAL[key]
            return value
        if key in _INHERITED and style.parent_style is not None:
            value = style.parent_style[key]
            if not check_math(value):
                style[key] = value
                return value
        return missing(style, key)

    return value_of


def _fixed_first(resolve: Callable[[Any, str, Any], None]) -> Callable[[Any, str, Any], None]:
    """Return `resolve_one_percentage` with a way of its own for lengths in px and "auto"."""

    @wraps(resolve)
    def resolve_one_percentage(box: Any, name: str, refer_to: Any) -> None:
        value = box.style[name]
        if getattr(value, "unit", None) == "px":
            setattr(box, name, value.value)
        elif value == "auto" and name not in ("min_width", "min_height"):
            setattr(box, name, value)
        else:
            resolve(box, name, refer_to)

    return resolve_one_percentage


def _kept_key(make: Callable[..., str]) -> Callable[..., str]:
    """Return `_font_style_cache_key`, which remembers its answer with the style."""

    @wraps(make)
    def font_style_cache_key(style: Any, include_size: bool = False) -> str:
        kept: dict[bool, str] = style.__dict__.setdefault("_handout_keys", {})
        if include_size not in kept:
            kept[include_size] = make(style, include_size)
        return kept[include_size]

    return font_style_cache_key


def _kept_settings(make: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return `Layout.setup`, which keeps with a style what it asks of Pango for it."""

    @wraps(make)
    def setup(layout: Any, style: Any) -> None:
        own = style.__dict__ if isinstance(style, _STYLES) else {"_handout_settings": None}
        if "_handout_settings" not in own:
            own["_handout_settings"] = _settings(style)
        kept: tuple[Any, Any, Any] | None = own["_handout_settings"]
        if kept is None:
            make(layout, style)
            return
        context, layout.language, description = kept
        layout.style, layout.first_line_direction = style, 0
        layout.layout = ffi.gc(pango.pango_layout_new(context), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout.layout, False)
        pango.pango_layout_set_font_description(layout.layout, description)
        layout.ascent = layout.underline_position = layout.strikethrough_position = None

    return setup


def _settings(style: Any) -> tuple[Any, Any, Any] | None:
    """Return Pango's context, language and font of a style; None for one that needs more than these."""
    features = font_features(*(style[key] for key in _FEATURES))
    lines, language = style["text_decoration_line"], style["lang"]
    if features or lines != "none" or not language or style["font_language_override"] != "normal":
        return None
    context = ffi.gc(pango.pango_font_map_create_context(style.font_config.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[style["direction"]])
    pointer, _kept_alive = unicode_to_char_p(language)
    known = pango.pango_language_from_string(pointer)
    pango.pango_context_set_language(context, known)
    return context, known, get_font_description(style)
