"""Messages → a template (POT), and a template → the empty catalog of a language."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from pipeline.catalogs.model import Catalog, Entry, Message, replace_headers
from pipeline.catalogs.rules import refusal

GENERATOR: Final = "handout"


def template(
    messages: Iterable[Message],
    *,
    project: str,
    created: datetime | None = None,
    comments: Iterable[str] = (),
) -> Catalog:
    """Return the template of `messages`, in their order.

    `project` is name and version, `comments` head the file. There is no creation date unless one is
    given, so that the same messages make the same bytes. Raises `TranslationError` for messages
    without an id or text, or with an id used twice.
    """
    dates = (("POT-Creation-Date", _stamp(created)),) if created else ()
    return Catalog(
        headers=(
            ("Project-Id-Version", project),
            *dates,
            ("PO-Revision-Date", ""),
            ("Last-Translator", ""),
            ("Language-Team", ""),
            ("Language", ""),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ),
        header_comments=one_line_each(comments),
        entries=tuple(fresh_entry(message) for message in by_context(messages).values()),
    )


def new(
    template: Catalog,
    language: str,
    *,
    revised: datetime,
    translator: str = "",
    team: str = "",
) -> Catalog:
    """Return the untranslated catalog of `language` (a BCP 47 tag) made from `template`.

    `translator` is `Name <address>`, `team` the team's name. A naive `revised` counts as UTC.
    """
    headers = replace_headers(
        template.headers,
        {
            "PO-Revision-Date": _stamp(revised),
            "Last-Translator": translator,
            "Language-Team": team or language,
            "Language": language,
            "X-Generator": GENERATOR,
        },
    )
    flags = tuple(flag for flag in template.header_flags if flag != "fuzzy")
    return dataclasses.replace(template, headers=headers, header_flags=flags, path=None)


def by_context(messages: Iterable[Message]) -> dict[str, Message]:
    """Return the messages by segment id, in their order. Raises `TranslationError` for unusable ids."""
    found: dict[str, Message] = {}
    for message in messages:
        if not message.context or not message.id:
            raise refusal("C061", what="an empty id or text", text=message.context or message.id)
        if message.context in found:
            raise refusal("C061", what="a segment id used twice", text=message.context)
        found[message.context] = message
    return found


def fresh_entry(message: Message) -> Entry:
    """Return the untranslated entry of `message`."""
    return Entry(
        message.context,
        message.id,
        extracted_comments=one_line_each(message.comments),
        references=one_line_each(message.references),
    )


def one_line_each(texts: Iterable[str]) -> tuple[str, ...]:
    """Return `texts` as comment lines: white space of any sort becomes one space, empty ones are left out.

    A line end in a note must not begin a line of the PO file; a backslash at its end would join the next.
    """
    lines = (" ".join(text.split()) for text in texts)
    return tuple(f"{line} ." if line.endswith("\\") else line for line in lines if line)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M") + (moment.strftime("%z")[:5] or "+0000")
