"""The reader: every fault of a source is refused, with its code, its file and its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from projects_made import BODY, DRAWING, FIGURE, FRONT, GLOSSARY, HANDOUTS, write_project

from pipeline import document as model
from pipeline.diagnostics import SourceError
from pipeline.document import walk
from pipeline.reader import open_project, read

# Each case is a project with one fault; § stands on the line where it must be reported, and is taken
# out before the project is read.

MD, TOML, TERMS, SVG = "leaflet.md", "handouts.toml", "glossary.toml", "figures/drawing.svg"


def body(text: str) -> dict[str, str]:
    return {"body": f"\n## One {{#one}}\n\n{text}\n"}


def figure(*changes: tuple[str, str]) -> dict[str, str]:
    text = FIGURE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return body(text)


def drawing(old: str, new: str) -> dict[str, str]:
    assert old in DRAWING
    return {**body(FIGURE), "drawing": DRAWING.replace(old, new)}


LABEL = '<text id="label" x="150" y="100" data-width="280" data-lines="2">Words</text>'
TERM = GLOSSARY.partition("\n\n")[0]
ROWS = "| A {#a} |\n| --- |\n| b {#b} |\n"

FAULTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("S001", MD, body("§No id.")),
    ("S001", MD, body("- one {#item}\n- §two")),
    ("S001", MD, body(f"::: table t\nCaption. {{#c}}\n\n{ROWS}§| c |\n:::")),
    ("S001", MD, figure(("![A rectangle. {#picture-alt}]", "§![A rectangle.]"))),
    ("S002", MD, body("§Bad id. {#Bad}")),
    ("S002", MD, body("::: key-facts §9\nText. {#t}\n:::")),
    ("S002", MD, body("Call[^A]. {#call}\n\n::: notes\n:::\n\n§[^A]: Text. {#note}")),
    ("S003", MD, body("One. {#same}\n\n§Two. {#same}")),
    ("S003", MD, body("::: key-facts one§\nText. {#t}\n:::")),
    ("S003", MD, body("::: key-facts text§\nText. {#text}\n:::")),
    ("S003", MD, body("Text. {#title}§")),
    ("S003", MD, body("Call[^n]. {#call}\n\n::: notes\n:::\n\n[^n]: A. {#n1}\n\n§[^n]: B. {#n2}")),
    ("S004", MD, body("§{#empty}")),
    ("S004", MD, {"front": FRONT.replace('"A leaflet"', '" "§')}),
    ("S004", TERMS, {"glossary": GLOSSARY.replace('"World Health Organization"', '""§')}),
    ("S005", MD, body("§<b>bold</b> {#text}")),
    ("S005", MD, body("§<script>alert(1)</script>")),
    ("S005", MD, body("§<!-- a remark -->\n\nText. {#text}")),
    ("S005", MD, body("§<!-- translators: a note --> Lost words. <!-- and more -->\n\nText. {#text}")),
    ("S006", MD, body("§See ![picture](figures/drawing.svg) here. {#text}")),
    ("S007", MD, body("§```\ncode\n```")),
    ("S007", MD, body('§A [link](https://example.org "title"). {#text}')),
    ("S008", MD, body("§Made by {{maker}}. {#text}")),
    ("S009", MD, body("§Text {#a} goes on. {#text}")),
    ("S009", MD, body("§A note[^none]. {#text}")),
    ("S010", MD, body("§A [link](javascript:alert(1)). {#text}")),
    ("S010", MD, body("§A [link](file:///etc/passwd). {#text}")),
    ("S010", MD, body("§A [link](data:text/html,x). {#text}")),
    ("S010", MD, body("§A [link](../../secret). {#text}")),
    ("S011", MD, body("§A [word](term:coffee). {#text}")),
    ("S012", MD, body("§A [link](#nowhere). {#text}")),
    ("S012", MD, body(f"§A [link](#picture-alt). {{#text}}\n{FIGURE}")),
    ("S012", MD, body("§A [link](#summary). {#text}")),
    ("S012", MD, body("§A [link](#abbr-who). {#text}")),
    ("S013", MD, body("§The [W.H.O.](abbr:who). {#text}")),
    ("S013", MD, body("§The [UN](abbr:un). {#text}")),
    ("S014", TERMS, {"glossary": f"{GLOSSARY}\n{TERM}".replace('id = "tea"', 'id = "tea"§', 1)}),
    ("S015", TOML, {"handouts": f'{HANDOUTS}include = ["one", "two"]§\n'}),
    ("S015", TOML, {"handouts": f'{HANDOUTS}exclude = ["two"]§\n'}),
    ("S015", TOML, body(FIGURE) | {"handouts": f'{HANDOUTS}exclude = ["picture-caption"]§\n'}),
    ("S016", MD, body("§Some [words]{lang=latin-1}. {#text}")),
    ("S016", MD, {"front": FRONT.replace('"en"', '"qqq"§')}),
    ("S017", MD, body("§#### Too deep {#deep}\n\nText. {#text}")),
    ("S017", MD, {"body": "\n§# One {#one}\n\nText. {#text}\n"}),
    ("S017", MD, body("::: key-facts box\n§## Too high {#high}\n\nText. {#text}\n:::")),
    ("S018", MD, body("> §### Heading {#heading}")),
    ("S019", MD, body(f"§{ROWS}")),
    ("S020", MD, body("Call[^n]. {#call}\n\n§[^n]: A note. {#note}")),
    ("S021", MD, body("::: notes\n:::\n\n§[^n]: A note. {#note}")),
    ("S022", MD, body("Call[^n]. {#call}\n\n::: notes\n:::\n\n§[^n]: One. {#n1}\n\n    Two. {#n2}")),
    ("S022", MD, body("Call[^n]. {#call}\n\n::: notes\n:::\n\n§[^n]: One. {#n1}\n\n    - Two. {#n2}")),
    ("S023", MD, body("term {#term}\n: one {#d1}\n\n§: two {#d2}")),
    ("S024", MD, body("::: key-facts§\nText. {#text}\n:::")),
    ("S024", MD, body("::: key-facts a b§\nText. {#text}\n:::")),
    ("S025", MD, body(f"::: table t§\n{ROWS}:::")),
    ("S025", MD, body("::: table t§\nCaption. {#c}\n:::")),
    ("S025", MD, body(f"::: table t§\nCaption. {{#c}}\n\nAgain. {{#c2}}\n\n{ROWS}:::")),
    ("S025", MD, body(f"::: table t§\nCaption. {{#c}}\n\n{ROWS}\nAfter. {{#after}}\n:::")),
    ("S026", MD, figure(("::: description", "§- A list. {#list}\n\n::: description"))),
    ("S026", MD, figure(("::: description", "§Another caption. {#again}\n\n::: description"))),
    ("S026", MD, figure((":::\n::::", ":::\n\n§::: description\nX. {#x}\n:::\n::::"))),
    ("S027", MD, figure(("A caption. {#picture-caption}", ""), (" picture\n", " picture§\n"))),
    ("S027", MD, body(":::: figure picture§\nA caption. {#caption}\n\n::: description\nX. {#x}\n:::\n::::")),
    (
        "S027",
        MD,
        figure(("A rectangle with a word in it. {#picture-long}", ""), (" picture\n", " picture§\n")),
    ),
    ("S009", MD, body("§A [link[^n]](#one). {#text}\n\n::: notes\n:::\n\n[^n]: A note. {#note}")),
    ("S030", MD, figure(("![A", "§![A"), ("drawing.svg", "none.svg"))),
    ("S030", MD, figure(("![A", "§![A"), ("drawing.svg", "a" * 300 + ".svg"))),
    ("S031", SVG, drawing("</svg>", "</svgs>§")),
    ("S032", SVG, drawing("<svg", "§<!DOCTYPE svg [<!ENTITY x 'y'>]><svg")),
    ("S033", SVG, drawing(' viewBox="0 0 300 200"', "§")),
    ("S033", SVG, drawing('viewBox="0 0 300 200"', 'viewBox="0 0 nan inf"§')),
    ("S034", SVG, drawing("<rect", "<script>alert(1)</script>§<rect")),
    ("S034", SVG, drawing("<rect", "<foreignObject/>§<rect")),
    ("S034", SVG, drawing("<rect", "<style>*{fill:url(http://example.org)}</style>§<rect")),
    ("S034", SVG, drawing("<rect", '<image href="http://example.org/x.png"/>§<rect')),
    ("S034", SVG, drawing("<rect", '<use href="#label"/>§<rect')),
    ("S034", SVG, drawing("<rect", '<a xmlns="http://www.w3.org/1999/xhtml"/>§<rect')),
    ("S035", SVG, drawing("<rect", '<rect onload="alert(1)"/>§<rect')),
    ("S035", SVG, drawing("<rect", '<rect style="fill:red"/>§<rect')),
    ("S035", SVG, drawing("<rect", '<rect fill="url(http://example.org)"/>§<rect')),
    (
        "S035",
        SVG,
        drawing("<rect", '<rect xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#x"/>§<rect'),
    ),
    ("S036", SVG, drawing(LABEL, "<text>Words</text>§")),
    ("S036", SVG, drawing(LABEL, LABEL.replace("280", "wide") + "§")),
    ("S036", SVG, drawing(LABEL, f"<g>{LABEL}</g>§")),
    ("S036", SVG, drawing(LABEL, LABEL.replace("Words", " ") + "§")),
    ("S037", MD, body("§Turned \u202eround. {#text}")),
    ("S037", MD, body("§A bell \x07 rings. {#text}")),
    ("S037", MD, {"front": FRONT.replace('"A leaflet"', '"A \\u202Eleaflet"§')}),
    ("S037", MD, {"front": FRONT.replace('"1.0"', '"1.0\\u0000"§')}),
    (
        "S037",
        TERMS,
        body("::: glossary\n:::") | {"glossary": GLOSSARY.replace('A hot drink."', 'A \\u0007hot drink."§')},
    ),
    ("S037", TOML, {"handouts": f'{HANDOUTS}title = "A \u202e title"§\n'}),
    ("S037", SVG, drawing("Words</text>", "Wo\u2066\u202erds</text>§")),
    ("E003", TOML, {"handouts": HANDOUTS.replace('"leaflet.md"', '"../../leaflet.md"§')}),
    ("E003", TOML, {"handouts": HANDOUTS.replace('"leaflet.md"', '"/etc/passwd"§')}),
    ("E003", TOML, {"handouts": HANDOUTS.replace('"leaflet.md"', '"a\\u0000b"§')}),
    ("E003", MD, figure(("![A", "§![A"), ("figures/drawing.svg", "../../../etc/passwd"))),
    ("E003", MD, figure(("![A", "§![A"), ("figures/drawing.svg", "/etc/passwd"))),
    ("E003", MD, {"front": "§" + BODY}),
    ("E003", MD, {"front": FRONT.replace("issued = 2026-01-02", "issued = soon§")}),
)


@pytest.mark.parametrize(
    ("code", "file", "parts"), FAULTS, ids=[f"{c}-{n}" for n, (c, _, _) in enumerate(FAULTS)]
)
def test_a_fault_is_named_with_its_file_and_line(
    code: str, file: str, parts: dict[str, str], tmp_path: Path
) -> None:
    root = write_project(tmp_path, **parts)
    path = root / "source" / file
    marked = path.read_text("utf-8")
    lines = [n for n, line in enumerate(marked.split("\n"), start=1) if "§" in line]
    path.write_text(marked.replace("§", ""), "utf-8")
    with pytest.raises(SourceError) as caught:
        read(open_project(root))
    found = [(d.code, str(d.location)) for d in caught.value.diagnostics]
    assert (code, f"source/{file}:{lines[0]}") in found
    assert all(d.message and d.location for d in caught.value.diagnostics)


def test_a_fault_brings_no_others_with_it(tmp_path: Path) -> None:
    """A reader of the report must see the cause, not a heap of its consequences."""
    many = []
    for number, (code, _, parts) in enumerate(FAULTS):
        root = write_project(tmp_path / str(number), **{k: v.replace("§", "") for k, v in parts.items()})
        with pytest.raises(SourceError) as caught:
            read(open_project(root))
        if {d.code for d in caught.value.diagnostics} - {code}:
            many.append((number, code, [str(d) for d in caught.value.diagnostics]))
    assert [code for _, code, _ in many] == [], many


def test_no_code_is_without_a_case() -> None:
    folder = Path(str(read.__code__.co_filename)).parent
    codes = {c for path in folder.glob("*.py") for c in re.findall(r'"(S\d{3})"', path.read_text("utf-8"))}
    assert codes == {code for code, _, _ in FAULTS if code.startswith("S")}


def test_a_source_without_faults_is_read(tmp_path: Path) -> None:
    write_project(tmp_path, **body(FIGURE))
    assert any(isinstance(n, model.Figure) for n in walk(read(open_project(tmp_path))))


def test_all_faults_are_reported_together_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = "\n## One {#one}\n\nNo id.\n\n<b>Bold</b> {#bold}\n\n[x](term:none) {#term}\n"
    write_project(tmp_path, body=text, handouts=f'{HANDOUTS}include = ["none"]\n')
    with pytest.raises(SourceError) as caught:
        read(open_project(tmp_path))
    first = FRONT.count("\n") + 1
    assert [(d.code, str(d.location)) for d in caught.value.diagnostics] == [
        ("S015", "source/handouts.toml:12"),
        ("S001", f"source/leaflet.md:{first + 3}"),
        ("S005", f"source/leaflet.md:{first + 5}"),
        ("S005", f"source/leaflet.md:{first + 5}"),
        ("S011", f"source/leaflet.md:{first + 7}"),
    ]


# --- Drawings -----------------------------------------------------------------------------------


def test_a_doctype_is_found_in_every_encoding(tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg [<!ENTITY x "300">]>{DRAWING}'
    text = text.replace('width="300"', 'width="&x;"')
    write_project(tmp_path, **body(FIGURE), drawing=text.encode("utf-16"))
    with pytest.raises(SourceError, match="S032"):
        read(open_project(tmp_path))


def test_entities_cannot_fill_the_memory(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY x{n} "{f"&x{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<!DOCTYPE svg [<!ENTITY x0 "lol">{entities}]>{DRAWING.replace("Words", "&x11;")}'
    write_project(tmp_path, **body(FIGURE), drawing=text)
    with pytest.raises(SourceError, match=r"S03[12]"):
        read(open_project(tmp_path))


def test_an_entity_cannot_read_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("SECRET", "utf-8")
    text = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>{DRAWING}'
    write_project(tmp_path, **body(FIGURE), drawing=text.replace("Words", "&x;"))
    with pytest.raises(SourceError) as caught:
        read(open_project(tmp_path))
    assert "SECRET" not in str(caught.value)


def test_a_link_in_the_file_system_does_not_lead_out_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "outside.svg").write_text(DRAWING, "utf-8")
    root = write_project(tmp_path / "project", **body(FIGURE))
    inside = root / "source" / "figures" / "drawing.svg"
    inside.unlink()
    inside.symlink_to(tmp_path / "outside.svg")
    with pytest.raises(SourceError, match="outside the project"):
        read(open_project(root))


def test_remarks_in_a_drawing_stay_behind(tmp_path: Path) -> None:
    text = DRAWING.replace("<rect", "<!-- secret --><?secret?><rect")
    write_project(tmp_path, **body(FIGURE), drawing=text)
    pictures = [n for n in walk(read(open_project(tmp_path))) if isinstance(n, model.Drawing)]
    assert "secret" not in pictures[0].svg
