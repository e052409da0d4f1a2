"""Harms to the structure of e-books, web pages and Word files: what a validator lets pass and a person misses."""

from __future__ import annotations

import re

from mutations.mutating import Bytes, add, member, on, text_of

DOCUMENT, STYLES, FOOTER = "word/document.xml", "word/styles.xml", "word/footer1.xml"
BODY = r'(<w:pStyle w:val="BodyText"/>)'
WHOLE = "osteopetrosis"  # the one handout with a table


def sub(pattern: str, new: str, *, part: str = "", count: int = 1) -> Bytes:
    """Return a harm that replaces a pattern in a text file, or in the first part of a zip that has it."""

    def change(text: str) -> str:
        return re.sub(pattern, new, text, count=count, flags=re.DOTALL)

    return member(part, change) if part else text_of(change)


# Language, what is harmed, the rule that claims it, the pattern and what takes its place; of a zip also the part.
PAGES = (
    ("en", "wrong language", "H001", '<html lang="en"', '<html lang="fr"'),
    ("ar", "language lost", "H001", '<html lang="ar"', "<html"),
    ("ar", "direction lost", "H001", '(<html lang="ar") dir="rtl"', r"\1"),
    ("ar", "language of a part lost", "H001", '(role="note") lang="en"', r"\1"),
    ("en", "title of the document lost", "H002", "<title>[^<]*", "<title>"),
    ("en", "heading level skipped", "H003", "<h3([^>]*)>(.*?)</h3>", r"<h5\1>\2</h5>"),
    ("en", "skip link broken", "H004", 'href="#main_"', 'href="#nowhere"'),
    ("en", "landmark lost", "H004", "(<nav class=.contents.) aria-labelledby=.contents_.", r"\1"),
    ("en", "id twice", "H005", '<p id="key[^"]*"|<p id="[^"]*"', '<p id="main_"'),
    ("en", "broken link target", "H005", 'href="#term-[a-z-]*"', 'href="#term-nothing"'),
    ("en", "column headings lost", "H006", ' scope="col"', ""),
    ("en", "caption lost", "H006", "<caption.*?</caption>", ""),
    ("en", "expansion of an abbreviation lost", "H007", '<abbr title="[^"]*"', "<abbr"),
    ("en", "picture said to be a picture", "H007", 'aria-label="[^"]*"(?=>)', 'aria-label="picture"'),
    ("en", "script in the page", "H008", "</body>", "<script>1</script></body>"),
    ("en", "zoom forbidden", "H009", "initial-scale=1", "initial-scale=1, maximum-scale=1"),
    ("en", "stale contents", "H010", '(<a href="#what">)[^<]*', r"\1What it was called last year"),
    ("en", "entry of the contents lost", "H010", '<li class="level-2">.*?</li>', ""),
    ("en", "link to another language's page", "H011", 'href="../es/', 'href="../sv/'),
)
for tag, title, claims, pattern, new in PAGES:
    add(f"html {tag}: {title}", claims, on(tag, "html", handout=WHOLE)(sub(pattern, new)))

BOOKS = (
    ("en", "wrong language of the book", "B002", "content.opf", "<dc:language>en<", "<dc:language>fr<"),
    ("ar", "wrong xml:lang", "B002", "what.xhtml", ' xml:lang="ar"', ' xml:lang="en"'),
    ("ar", "direction lost", "B003", "what.xhtml", ' dir="rtl"', ""),
    ("ar", "page progression lost", "B003", "content.opf", ' page-progression-direction="rtl"', ""),
    ("en", "heading level skipped", "B004", "infant.xhtml", "<h2([^>]*)>(.*?)</h2>", r"<h4\1>\2</h4>"),
    ("en", "column headings lost", "B005", "names.xhtml", ' scope="col"', ""),
    ("en", "cover without description", "B006", "cover.xhtml", 'alt="[^"]*"', 'alt="Cover"'),
    ("en", "entry of the contents lost", "B007", "nav.xhtml", '<li><a href="what.xhtml">.*?</li>', ""),
    ("en", "stale contents", "B007", "nav.xhtml", '(<a href="what.xhtml">)[^<]*', r"\1Old heading"),
    ("en", "page list wrong", "B008", "nav.xhtml", '<li><a href="[^"]*#page_[^/]*</a></li>', ""),
    ("en", "landmark lost", "B009", "nav.xhtml", ' epub:type="bodymatter"', ""),
    ("en", "summary of accessibility lost", "B010", "content.opf", '<meta property="schema:accessibilitySummary">[^/]*</meta>', ""),
    ("en", "way to read it lost", "B010", "content.opf", '<meta property="schema:accessModeSufficient">[^/]*</meta>', ""),
    ("en", "conformance claimed", "B011", "content.opf", "</metadata>", '<meta property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta></metadata>'),
    ("en", "another book's identifier", "B012", "content.opf", "urn:uuid:[0-9a-f-]*<", "urn:uuid:0d4c7f4e-9a37-4e11-8c0b-8a5500000000<"),
    ("en", "low contrast", "B013", "style.css", "body {", "body { color: #999;"),
    ("en", "fixed size", "B013", "style.css", "body {", "body { font-size: 14px;"),
    ("en", "broken link target", "B014", "what.xhtml", 'href="[^"]*#term-', 'href="glossary.xhtml#nothing-'),
    ("en", "script in the book", "B015", "what.xhtml", "</body>", "<script>1</script></body>"),
)  # fmt: skip
for tag, title, claims, part, pattern, new in BOOKS:
    add(f"epub {tag}: {title}", claims, on(tag, "epub", handout=WHOLE)(sub(pattern, new, part=part)))

WORDS = (
    ("en", "clear", "title of the document lost", "W002", "docProps/core.xml", r"<dc:title>.*?</dc:title>", ""),
    ("en", "clear", "wrong language", "W003", "docProps/core.xml", r"<dc:language>.*?<", "<dc:language>fr<"),
    ("ar", "clear", "language of Arabic script wrong", "W003", STYLES, r'(<w:lang [^>]*w:bidi=)"[^"]*"', r'\1"he-IL"'),
    ("en", "clear", "hyphenation on", "W005", "word/settings.xml", r'<w:autoHyphenation w:val="false"/>', "<w:autoHyphenation/>"),
    ("en", "clear", "page number lost", "W009", FOOTER, " PAGE ", " DATE "),
    ("en", "clear", "alternative text is a file name", "W010", DOCUMENT, r'(<wp:docPr [^>]*) descr="[^"]*"', r'\1 descr="image1.png"'),
    ("en", "clear", "floating picture", "W011", DOCUMENT, BODY, r"\1<w:framePr/>"),
    ("en", "clear", "heading made a paragraph", "W020", DOCUMENT, '<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="BodyText"/>'),
    ("en", "clear", "heading skipped", "W021", DOCUMENT, '<w:pStyle w:val="Heading2"/>', '<w:pStyle w:val="Heading4"/>'),
    ("en", "clear", "stale contents", "W022", DOCUMENT, r'(<w:pStyle w:val="TOC1"/>.*?<w:t[^>]*>)', r"\1Old "),
    ("en", "clear", "broken link target", "W024", DOCUMENT, r'(<w:hyperlink [^>]*w:anchor=)"', r'\1"x'),
    ("en", "clear", "tips of links lost", "W025", DOCUMENT, r' w:tooltip="[^"]*"', ""),
    ("en", "clear", "header row flag lost", "W026", DOCUMENT, r"<w:tblHeader/>", ""),
    ("en", "clear", "table cell changed", "W027", DOCUMENT, r'(<w:pStyle w:val="TableText"/>.*?<w:t[^>]*>)[^<]*', r"\1Other"),
    ("en", "clear", "list made by hand", "W028", DOCUMENT, BODY[:-1] + r'.*?<w:t[^>]*>)', r"\1• "),
    ("en", "clear", "laid out with empty paragraphs", "W029", DOCUMENT, r"(<w:sectPr>)", r"<w:p/>\1"),
    ("en", "large", "17 pt", "W040", STYLES, r'(w:styleId="Normal".*?<w:sz w:val=)"\d+"', r'\1"34"'),
    ("ar", "large", "size of Arabic script lost", "W040", STYLES, r'<w:szCs w:val="\d+"/>', ""),
    ("ar", "clear", "bold of Arabic script lost", "W042", STYLES, r'(w:styleId="Heading1".*?)<w:bCs/>', r"\1"),
    ("ar", "clear", "direction lost", "W044", DOCUMENT, BODY + r"<w:bidi/>", r"\1"),
    ("en", "clear", "justified text", "W045", DOCUMENT, BODY, r'\1<w:jc w:val="both"/>'),
    ("en", "clear", "italics", "W046", DOCUMENT, r"(<w:r><w:rPr>)", r"\1<w:i/>"),
    ("en", "clear", "low contrast", "W048", DOCUMENT, r"(<w:r><w:rPr>)", r'\1<w:color w:val="999999"/>'),
)  # fmt: skip
for tag, edition, title, claims, part, pattern, new in WORDS:
    harm = sub(pattern, new, part=part, count=0 if "szCs" in pattern else 1)
    add(f"docx {tag} {edition}: {title}", claims, on(tag, "docx", edition, handout=WHOLE)(harm))

# A cell and the headings of a column, lost whole: the words themselves are gone.
for name, part in (("html", ""), ("epub", "names.xhtml")):
    add(
        f"{name}: table cell emptied",
        "R001",
        on("en", name, handout=WHOLE)(
            sub(r"(<td[^>]*>)ADO.*?</td>|(<td[^>]*>)<abbr.*?</td>", r"\1\2</td>", part=part)
        ),
    )
