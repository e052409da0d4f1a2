"""The words of the product itself, as readers see them: "Contents", "Page", the draft notice.

They are messages like the leaflet's own, in a domain of their own (`interface.po`), so that a new
leaflet needs no new translation of them. The key is the message's context in the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class Label:
    """One message of the interface: its English text and a note for translators."""

    text: str
    note: str = ""


LABELS: Mapping[str, Label] = MappingProxyType(
    {
        "contents": Label("Contents", "Heading of the table of contents."),
        "page": Label("Page {number} of {total}", "At the foot of each page. Keep {number} and {total}."),
        "figure-description": Label("Description of the picture", "Heading of a long description."),
        "note": Label("Note {number}", "Label of an endnote and of the link to it. Keep {number}."),
        "back-to-text": Label("Back to the text", "Link from an endnote to the place that calls it."),
        "draft-title": Label("Draft translation", "Title of the notice on the first page."),
        "draft-notice": Label(
            "This translation is a draft. No qualified person has checked it yet. "
            "Ask your care team before you rely on it.",
            "The notice on the first page of a translation that has not been signed off.",
        ),
        "untranslated-notice": Label(
            "Parts that are not yet translated are shown in English: {count}.",
            "Shown in the notice when the translation is incomplete. Keep {count}.",
        ),
        "untranslated": Label(
            "Not yet translated",
            "A small mark in front of each paragraph that is still shown in English.",
        ),
        "source-title": Label("Not yet reviewed", "Title of the notice on the original text."),
        "source-notice": Label(
            "This text has not yet been reviewed by a qualified clinician. "
            "Ask your care team before you rely on it.",
            "The notice on the first page of the original, before a clinician has signed it off.",
        ),
        "edition-notice": Label(
            "This leaflet follows the original text of {date}. That text has been changed since.",
            "Shown in a notice when a reviewed translation is older than the original. Keep {date}.",
        ),
        "edition-title": Label("Earlier edition", "Title of the notice about an older original text."),
        "unknown": Label("not yet known", "Stands where a name is not known, as in: Reviewed by: …"),
        "skip-to-content": Label("Skip to the content", "First link of a web page."),
        "languages": Label("Languages", "Heading of the links to the other languages."),
        "formats": Label("Other formats", "Heading of the links to the other formats."),
        "cover": Label("Cover", "The cover page of an e-book."),
        "start": Label("Start of the leaflet", "Link in the navigation of an e-book."),
        "pages": Label("Pages", "Heading of the list of page numbers in an e-book."),
        "accessibility": Label(
            "This e-book has headings, a table of contents and descriptions of all pictures. "
            "It can be read by eye, by ear and by touch.",
            "Summary of how accessible the e-book is, in its metadata.",
        ),
        "provider-heading": Label("Contact details", "Heading of a page with an organization's details."),
        "provided-by": Label(
            "This copy is provided by {name}.", "{name} is a hospital or an organization. Keep {name}."
        ),
        "provider-note": Label(
            "Only this page was added. The rest of the leaflet is the same in every copy.",
            "Stands at the end of the page with an organization's details.",
        ),
        "address": Label("Address", "Label before a postal address."),
        "phone": Label("Phone", "Label before a phone number."),
        "emergency": Label("In an emergency", "Label before the phone number for emergencies."),
        "email": Label("E-mail", "Label before an e-mail address."),
        "web": Label("Website", "Label before the address of a website."),
        "qr-text": Label("Scan this code, or go to:", "Stands beside a QR code, before a web address."),
        "qr-alt": Label("QR code for {address}", "What a QR code shows. Keep {address}."),
        "logo-alt": Label("Logo of {name}", "{name} is a hospital or an organization. Keep {name}."),
        "version": Label("Version {version}, {date}", "On the cover. Keep {version} and {date}."),
        "edition-clear": Label("Clear print", "Name of the edition in 12 to 14 point print."),
        "edition-large": Label("Large print", "Name of the edition in 18 point print."),
        "edition-giant": Label("Giant print", "Name of the edition in 24 point print."),
        "format-pdf": Label("PDF, for print and screen", "Name of a file format."),
        "format-docx": Label("Word document", "Name of a file format."),
        "format-epub": Label("E-book (EPUB)", "Name of a file format."),
        "format-html": Label("Web page", "Name of a file format."),
        "format-txt": Label("Plain text", "Name of a file format."),
        "status-source": Label("Original text, not yet reviewed", "Status of the English original."),
        "status-draft": Label("Draft, not yet reviewed", "Status of a translation."),
        "status-signed": Label("Reviewed and signed off", "Status of a translation."),
        "status-incomplete": Label("Incomplete draft", "Status of a translation."),
    }
)


def english() -> dict[str, str]:
    """Return the labels in English, by message context."""
    return {context: label.text for context, label in LABELS.items()}


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces of a label."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, **values: str) -> str:
    """Return a label with its placeholders filled; a translation cannot reach anything but these."""
    return _PLACEHOLDER.sub(lambda m: values.get(m[1], m[0]), text)
