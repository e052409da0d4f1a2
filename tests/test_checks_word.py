"""The rules for Word files: silent on what we make, and each on a file damaged for it.

The damage is done to the XML of real files, and a pattern that finds nothing to damage fails the test.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, replace

import pytest
import rendered
from rendered import CASES

from pipeline.checks import Subject
from pipeline.checks.pages import UnreadableError
from pipeline.checks.word import Package, check
from pipeline.checks.word.structure import bookmark_name
from pipeline.diagnostics import findings
from pipeline.editions import Target

DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
CORE, FONTS, NUMBERING = "docProps/core.xml", "word/fontTable.xml", "word/numbering.xml"
RELATIONS, FOOTER = "word/_rels/document.xml.rels", "word/footer1.xml"


# The complete project has a link called “link”, which the rule rightly sees.
OF_THE_SOURCE = {"the link text “link” does not say where the link leads"}


def subject(tag: str, edition: str = "clear", data: bytes = b"") -> Subject:
    target = Target(tag, "complete", edition, "docx", "a4")
    whole = data or rendered.made(tag, edition, "docx").data
    return Subject(target, rendered.translated(tag), rendered.layout(tag, edition), whole)


def codes(given: Subject) -> set[str]:
    """Return the codes of what is found beyond what the source itself is to blame for."""
    return {d.code for d in findings(check(given)) if d.message not in OF_THE_SOURCE}


def damaged(data: bytes, part: str, pattern: str, new: str, count: int = 1) -> bytes:
    """Return the file with a pattern of a part replaced; an empty pattern removes the part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as made:
        assert part in old.namelist(), old.namelist()
        for name in old.namelist():
            content = old.read(name)
            if name == part:
                if not pattern:
                    continue
                text, done = re.subn(pattern, new, content.decode(), count=count, flags=re.DOTALL)
                assert done, f"nothing to damage: {pattern}"
                content = text.encode()
            made.writestr(name, content)
    return out.getvalue()


@dataclass(frozen=True)
class Damage:
    """What is done to a part of a file, and which rule must see it."""

    code: str
    part: str
    pattern: str
    new: str
    tag: str = "en"
    edition: str = "clear"
    count: int = 1

    def __str__(self) -> str:
        return f"{self.code}-{self.tag}-{self.pattern[:40]}"


TITLE = r'(<w:pStyle w:val="Title"/>)'
BODY = r'(<w:pStyle w:val="BodyText"/>)'
FIRST_RUN = r'(<w:pStyle w:val="BodyText"/>(?:(?!</w:p>).)*?<w:r>(?:<w:rPr>)?)'
SPLIT = "<w:r><w:t>"

# A line for each damage, however long.
# ruff: noqa: E501
DAMAGES = (
    Damage("W001", "word/media/image1.png", "", ""),
    Damage("W001", DOCUMENT, r'r:embed="rId\d+"', 'r:embed="rId999"'),
    Damage("W001", RELATIONS, r'Target="numbering.xml"', 'Target="gone.xml"'),
    Damage("W002", CORE, r"<dc:title>.*?</dc:title>", "<dc:title>Document1</dc:title>"),
    Damage("W002", CORE, r"<dc:title>.*?</dc:title>", ""),
    Damage("W003", CORE, r"<dc:language>.*?</dc:language>", "<dc:language>fr</dc:language>"),
    Damage("W003", STYLES, r'w:bidi="ar-EG"', 'w:bidi="ar-SA"', tag="ar"),
    Damage("W003", STYLES, r'(<w:lang[^>]*?) w:eastAsia="[^"]*"', r"\1"),
    Damage("W004", SETTINGS, r'(compatibilityMode"[^>]*w:val=)"15"', r'\1"14"'),
    Damage("W004", SETTINGS, r"<w:compat>.*</w:compat>", ""),
    Damage("W005", SETTINGS, r'<w:autoHyphenation w:val="false"/>', "<w:autoHyphenation/>"),
    Damage("W005", SETTINGS, r'<w:autoHyphenation w:val="false"/>', ""),
    Damage("W006", SETTINGS, r"(<w:defaultTabStop)", r'<w:documentProtection w:enforcement="1"/>\1'),
    Damage("W006", SETTINGS, r"(<w:defaultTabStop)", r"<w:updateFields/>\1"),
    Damage("W007", FONTS, r'(w:fontKey="[^"]*)[0-9A-F]{4}\}"', r'\g<1>0000}"'),
    Damage("W007", FONTS, r'(<w:font [^>]*w:name=)"[^"]*"', r'\1"Comic Sans MS"'),
    Damage("W007", SETTINGS, r"<w:embedTrueTypeFonts/>", ""),
    Damage("W007", "word/fonts/font1.odttf", "", ""),
    Damage("W008", DOCUMENT, r'(<wp:docPr id=)"2"', r'\1"1"'),
    Damage("W008", DOCUMENT, r'(<w:bookmarkStart w:id=)"3"', r'\1"2"'),
    Damage("W009", FOOTER, r" PAGE ", " DATE "),
    Damage("W009", DOCUMENT, r"<w:footerReference[^>]*/>", ""),
    Damage("W010", DOCUMENT, r'(<wp:docPr [^>]*) descr="[^"]*"', r"\1"),
    Damage("W010", DOCUMENT, r'(<wp:docPr [^>]*) descr="[^"]*"', r'\1 descr="picture-1.png"'),
    Damage("W010", DOCUMENT, r'(<wp:docPr [^>]*) descr="[^"]*"', r'\1 descr="Image 3"'),
    Damage(
        "W010", DOCUMENT, r"(<wp:docPr [^>]*)/>",
        r'\1><d:decorative xmlns:d="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></wp:docPr>',
    ),
    Damage("W011", DOCUMENT, r"(</?wp:)inline", r"\1anchor", count=2),
    Damage("W011", DOCUMENT, BODY, r"\1<w:framePr/>"),
    Damage("W011", FOOTER, r"(</w:p>)", r"<w:r><w:pict/></w:r>\1"),
    Damage("W012", DOCUMENT, r'<w:alias w:val="[^"]*"/>', ""),
    Damage("W020", DOCUMENT, r'<w:pStyle w:val="Heading1"/>', '<w:pStyle w:val="BodyText"/>'),
    Damage("W020", DOCUMENT, r'<w:pStyle w:val="Heading2"/>', '<w:pStyle w:val="Heading1"/>'),
    Damage("W020", DOCUMENT, BODY, r'\1<w:outlineLvl w:val="0"/>'),
    Damage("W021", STYLES, r'(w:styleId="Title".*?<w:outlineLvl w:val=)"0"', r'\1"1"'),
    Damage("W021", DOCUMENT, r'<w:pStyle w:val="Heading2"/>', '<w:pStyle w:val="Heading4"/>'),
    Damage("W022", DOCUMENT, r'(<w:pStyle w:val="TOC1"/>.*?<w:t[^>]*>)', r"\1Old "),
    Damage("W022", DOCUMENT, r'(<w:pStyle w:val="TOC1"/>.*?w:anchor=)"[^"]*"', r'\1"complete_title"'),
    Damage("W022", DOCUMENT, r'<w:pStyle w:val="TOC1"/>', '<w:pStyle w:val="BodyText"/>'),
    Damage("W023", DOCUMENT, r'(<w:pStyle w:val="BodyText"/>.*?<w:bookmarkStart[^>]*w:name=)"', r'\1"x'),
    Damage("W024", DOCUMENT, r'(<w:hyperlink [^>]*w:anchor=)"', r'\1"x'),
    Damage("W024", DOCUMENT, r'(<w:hyperlink [^>]*)r:id="[^"]*"', r"\1"),
    Damage("W025", DOCUMENT, r"(<w:hyperlink [^>]*r:id[^>]*>).*?(</w:hyperlink>)", rf"\1{SPLIT}Click here</w:t></w:r>\2"),
    Damage("W025", DOCUMENT, r"(<w:hyperlink [^>]*r:id[^>]*>).*?(</w:hyperlink>)", rf"\1{SPLIT}https://a.example</w:t></w:r>\2"),
    Damage("W025", DOCUMENT, r"(<w:hyperlink [^>]*r:id[^>]*>).*?(</w:hyperlink>)", rf"\1{SPLIT}هنا</w:t></w:r>\2", tag="ar"),
    Damage("W025", DOCUMENT, r"(<w:hyperlink [^>]*>).*?(</w:hyperlink>)", r"\1\2"),
    Damage("W025", DOCUMENT, r' w:tooltip="[^"]*"', ""),
    Damage("W026", DOCUMENT, r"<w:tblHeader/>", ""),
    Damage("W026", DOCUMENT, r"<w:cantSplit/>(?!<w:tblHeader)", "<w:cantSplit/><w:tblHeader/>"),
    Damage("W026", DOCUMENT, r"<w:cantSplit/>", ""),
    Damage("W026", DOCUMENT, r"(<w:tcW [^>]*/>)", r'\1<w:gridSpan w:val="2"/>'),
    Damage("W026", DOCUMENT, r"(<w:tcW [^>]*/>)", r'\1<w:vMerge w:val="restart"/>'),
    Damage("W026", DOCUMENT, r"(</w:tc>)(</w:tr>)", r"\1<w:tc><w:p/></w:tc>\2"),
    Damage("W026", DOCUMENT, r"(</w:p>)(</w:tc>)", r"\1<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>\2"),
    Damage("W026", DOCUMENT, r'(<w:pStyle w:val="TableHead"/>.*?<w:t[^>]*>)[^<]*', r"\1"),
    Damage("W026", DOCUMENT, r"<w:tblCaption[^>]*/>", ""),
    Damage("W027", DOCUMENT, r'(<w:pStyle w:val="TableText"/>.*?<w:t[^>]*>)', r"\g<1>9"),
    Damage("W028", STYLES, r'(w:styleId="ListBullet".*?)<w:numPr>.*?</w:numPr>', r"\1"),
    Damage("W028", NUMBERING, r'<w:numFmt w:val="bullet"/>', '<w:numFmt w:val="decimal"/>'),
    Damage("W028", DOCUMENT, r'(<w:pStyle w:val="BodyText"/>.*?<w:t[^>]*>)', r"\1• "),
    Damage("W028", DOCUMENT, r'(<w:pStyle w:val="BodyText"/>.*?<w:t[^>]*>)', r"\g<1>1. "),
    Damage("W029", DOCUMENT, r"(<w:sectPr>)", r"<w:p/>\1"),
    Damage("W029", DOCUMENT, r'(<w:pStyle w:val="BodyText"/>.*?<w:t[^>]*>[^<]*)', r"\1    "),
    Damage("W029", DOCUMENT, r'(<w:pStyle w:val="BodyText"/>.*?<w:t [^>]*>[^<]*</w:t>)', r"\1<w:tab/><w:tab/>"),
    Damage("W030", DOCUMENT, r"(<w:sectPr>)", r"<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Mock</w:t></w:r></w:p>\1"),
    Damage("W040", DOCUMENT, r"(<w:r><w:rPr>)(<w:lang)", r'\1<w:sz w:val="16"/>\2'),
    Damage("W040", DOCUMENT, r"(<w:r><w:rPr>)(<w:rtl/>)", r'\1<w:szCs w:val="22"/>\2', tag="ar", edition="large"),
    Damage("W040", STYLES, r'(w:styleId="Normal".*?<w:szCs w:val=)"\d+"', r'\1"22"', tag="ar", edition="large"),
    Damage("W040", STYLES, r'<w:szCs w:val="\d+"/>', "", tag="ar", edition="large", count=0),
    Damage("W040", STYLES, r'(w:styleId="caption".*?<w:rPr>|w:styleId="Caption".*?<w:rPr>)', r'\1<w:sz w:val="18"/>'),
    Damage("W040", FOOTER, r"(<w:rPr>)(<w:lang)", r'\1<w:sz w:val="18"/>\2', edition="giant", count=9),
    Damage("W040", STYLES, r'(w:styleId="Heading1".*?<w:sz w:val=)"\d+"', r'\1"38"', edition="large"),
    Damage("W041", STYLES, r'(w:styleId="NoteText".*?)(</w:style>)', r'\1<w:rPr><w:sz w:val="18"/></w:rPr>\2'),
    Damage("W041", NUMBERING, r"<w:b/>", '<w:b/><w:sz w:val="12"/>'),
    Damage("W042", STYLES, r'(w:styleId="Heading1".*?)<w:bCs/>', r"\1", tag="ar"),
    Damage("W042", DOCUMENT, r"<w:b/><w:bCs/>", "<w:b/>", tag="ar", count=0),
    Damage("W043", DOCUMENT, FIRST_RUN + r"(<w:lang w:val=)\"[^\"]*\"", r'\1\2"fr-FR"'),
    Damage("W043", DOCUMENT, r'(<w:r><w:rPr><w:rtl/><w:lang [^>]*w:bidi=)"[^"]*"', r'\1"he-IL"', tag="ar"),
    Damage("W043", DOCUMENT, r'(<w:r><w:rPr><w:rtl/><w:lang [^>]*w:bidi=)"[^"]*"', r'\1"fa-IR"', tag="ar"),
    Damage("W043", DOCUMENT, r'(<w:r><w:rPr><w:rtl w:val="0"/><w:lang w:val=)"en-US"', r'\1"ar-EG"', tag="ar"),
    Damage("W044", DOCUMENT, r"(<w:r><w:rPr>)<w:rtl/>", r"\1", tag="ar"),
    Damage("W044", DOCUMENT, BODY + r"<w:bidi/>", r'\1<w:bidi w:val="0"/>', tag="ar"),
    Damage("W044", DOCUMENT, r"<w:bidiVisual/>", "", tag="ar"),
    Damage("W044", DOCUMENT, r"(<w:sectPr>.*?)<w:bidi/>", r"\1", tag="ar"),
    Damage("W044", DOCUMENT, BODY, r"\1<w:bidi/>"),
    Damage("W045", DOCUMENT, BODY, r'\1<w:jc w:val="both"/>'),
    Damage("W045", DOCUMENT, TITLE, r'\1<w:jc w:val="center"/>'),
    Damage("W045", DOCUMENT, BODY, r'\1<w:jc w:val="right"/>', tag="ar"),
    Damage("W045", DOCUMENT, BODY, r'\1<w:jc w:val="left"/>', tag="ar"),
    Damage("W046", DOCUMENT, r"(<w:r><w:rPr>)", r"\1<w:i/>"),
    Damage("W046", STYLES, r'(w:styleId="Hyperlink".*?<w:rPr>)', r'\1<w:u w:val="single"/>'),
    Damage("W046", STYLES, r'(w:styleId="Heading1".*?<w:rPr>)', r"\1<w:caps/>"),
    Damage("W046", DOCUMENT, r"(<w:r><w:rPr>)", r'\1<w:vertAlign w:val="superscript"/>'),
    Damage("W046", DOCUMENT, r"(<w:r><w:rPr>)", r"\1<w:vanish/>"),
    Damage("W046", DOCUMENT, r"(<w:r><w:rPr>)(<w:rtl/>)", r"\1<w:iCs/>\2", tag="ar"),
    Damage("W047", DOCUMENT, r"(<w:r><w:rPr>)", r'\1<w:rFonts w:ascii="Times New Roman"/>'),
    Damage("W047", STYLES, r'(<w:rFonts [^>]*w:cs=)"[^"]*"', r'\1"Traditional Arabic"', tag="ar"),
    Damage("W048", DOCUMENT, r"(<w:r><w:rPr>)", r'\1<w:color w:val="808080"/>'),
    Damage("W048", STYLES, r'(w:styleId="Normal".*?<w:color w:val=)"[^"]*"', r'\1"767676"'),
    Damage("W048", DOCUMENT, r'(<w:pStyle w:val="TableHead"/>.*?<w:rPr>.*?<w:r><w:rPr>)', r'\1<w:color w:val="5B9BD5"/>'),
)  # fmt: skip


@pytest.mark.parametrize(("tag", "edition"), CASES)
def test_what_we_make_breaks_no_rule(tag: str, edition: str) -> None:
    assert codes(subject(tag, edition)) == set()


@pytest.mark.parametrize("damage", DAMAGES, ids=str)
def test_each_damage_is_seen_by_its_rule(damage: Damage) -> None:
    whole = rendered.made(damage.tag, damage.edition, "docx").data
    data = damaged(whole, damage.part, damage.pattern, damage.new, damage.count)
    assert damage.code in codes(subject(damage.tag, damage.edition, data))


def test_every_rule_has_a_damage() -> None:
    rules = {outcome.code for outcome in check(subject("en"))}
    assert rules == {damage.code for damage in DAMAGES}


def test_a_document_without_headings_is_seen() -> None:
    data = damaged(subject("en").data, STYLES, r'<w:outlineLvl w:val="\d"/>', "", count=0)
    assert {"W020", "W021", "W022"} <= codes(subject("en", data=data))


def test_text_below_the_size_of_another_edition_is_seen() -> None:
    given = subject("ar", "clear")
    assert "W040" in codes(replace(given, layout=rendered.layout("ar", "large")))


def test_what_is_no_package_is_refused() -> None:
    for data in (b"", b"PK\3\4 torn", damaged(subject("en").data, DOCUMENT, "", "")):
        with pytest.raises(UnreadableError):
            Package(data)
    with pytest.raises(UnreadableError):
        Package(damaged(subject("en").data, STYLES, "</w:styles>", ""))


def test_a_style_based_on_itself_does_no_harm() -> None:
    looped = damaged(
        subject("en").data, STYLES, r'(w:styleId="BodyText".*?<w:basedOn w:val=)"Normal"', r'\1"BodyText"'
    )
    assert isinstance(codes(subject("en", data=looped)), set)


def test_bold_of_two_styles_cancels_out() -> None:
    """ECMA-376 part 1, 17.7.3: a bold character style in a bold paragraph style is not bold."""
    data = subject("en").data
    styled = damaged(data, DOCUMENT, TITLE + r"(.*?<w:r>)<w:rPr>", r'\1\2<w:rPr><w:rStyle w:val="Strong"/>')
    title = next(run for run in Package(styled).runs if run.style == "Title")
    assert title.bolds == (False, False)


def test_long_ids_get_short_bookmarks() -> None:
    name = bookmark_name("a-very-long-segment-id-that-word-would-not-take-as-it-is")
    assert len(name) == 40
    assert name != bookmark_name("a-very-long-segment-id-that-word-would-not-take-as-it-was")
