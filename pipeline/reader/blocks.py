"""Block structure: markdown-it's tokens → sections, lists, tables, figures, boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.container import container_plugin

from pipeline.document import (
    Block,
    BlockQuote,
    Blocks,
    BulletList,
    Definition,
    DefinitionList,
    EndNotes,
    Figure,
    Heading,
    Image,
    ListItem,
    Note,
    NoteKind,
    OrderedList,
    Paragraph,
    Role,
    Row,
    Section,
    Segment,
    Table,
    ThematicBreak,
)
from pipeline.reader.drawings import read_drawing
from pipeline.reader.inlines import glossary_list, markdown, read_segment, split_id
from pipeline.reader.notes import check_notes, end_notes
from pipeline.reader.reading import Reading

CONTAINERS = ("figure", "description", "table", "glossary", "notes", *(kind.value for kind in NoteKind))

_TRANSLATORS = re.compile(r"\A<!--\s*translators:\s*((?:(?!-->).)*?)\s*-->\s*\Z", re.DOTALL)


def read_blocks(body: str, reading: Reading) -> Blocks:
    """Read the Markdown body; faults go to `reading`."""
    env: dict[str, dict[str, dict[str, int]]] = {}
    tokens = parser().parse(body, env)
    check_notes(env, body, reading)
    nodes = SyntaxTreeNode(tokens).children
    notes = [n for n in nodes if n.type == "footnote_block"]
    reading.end_notes = tuple(end_notes(notes, reading))
    blocks, _ = _collect([n for n in nodes if n.type != "footnote_block"], 0, 1, reading)
    if reading.end_notes and not any(n.type == "container_notes" for n in SyntaxTreeNode(tokens).walk()):
        place = reading.end_notes[0].location
        reading.fault_at(
            "S020", "there are notes but no place for them", place, hint="write ::: notes and :::"
        )
    return blocks


def parser() -> MarkdownIt:
    """Return the parser of the whole dialect, containers and segment ids included."""
    made = markdown()
    for kind in CONTAINERS:
        made.use(container_plugin, name=kind)
    made.core.ruler.before("inline", "segment_ids", _take_ids)
    return made


def _take_ids(state: StateCore) -> None:
    """Move the segment id that ends a block's text into the token, before the text is parsed."""
    for token in state.tokens:
        if token.type == "inline":
            token.content, token.meta["segment"] = split_id(token.content)


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] if node.map else 0


def _collect(nodes: list[SyntaxTreeNode], start: int, level: int, reading: Reading) -> tuple[Blocks, int]:
    """Return the blocks from `start` that belong to a section of `level`, and where they end."""
    blocks: list[Block] = []
    index = start
    while index < len(nodes):
        node = nodes[index]
        if node.type != "heading":
            blocks.extend(_block(node, reading, level))
            index += 1
            continue
        depth = int(node.tag[1:])
        if depth <= level and level > 1:
            break
        if depth != level + 1:
            hint = "level 1 is the title in the front matter; go down one level at a time"
            reading.fault(
                "S017", f"a heading of level {depth} cannot stand here", line=_line(node), hint=hint
            )
        heading = _heading(node, reading, level + 1)
        inner, index = _collect(nodes, index + 1, max(depth, level + 1), reading)
        blocks.append(Section(heading, inner, location=heading.location))
    return tuple(blocks), index


def _heading(node: SyntaxTreeNode, reading: Reading, level: int) -> Heading:
    text = _segment(node, Role.HEADING, reading)
    reading.claim(text.id, line=_line(node))
    return Heading(level, text, location=text.location)


def _segment(node: SyntaxTreeNode, role: Role, reading: Reading) -> Segment:
    """Return the segment of a block that holds one run of inlines."""
    return read_segment(node.children[0], role, reading)


def _blocks(node: SyntaxTreeNode, reading: Reading, level: int, role: Role = Role.PARAGRAPH) -> Blocks:
    return tuple(b for child in node.children for b in _block(child, reading, level, role))


def _block(
    node: SyntaxTreeNode, reading: Reading, level: int, role: Role = Role.PARAGRAPH
) -> Iterator[Block]:
    line, place = _line(node), reading.at(_line(node))
    match node.type:
        case "paragraph":
            yield Paragraph(_segment(node, role, reading), location=place)
        case "bullet_list":
            yield BulletList(_items(node, reading, level), location=place)
        case "ordered_list":
            start = int(node.attrs.get("start", 1))
            yield OrderedList(_items(node, reading, level), start, location=place)
        case "dl":
            yield DefinitionList(tuple(_definitions(node, reading, level)), location=place)
        case "blockquote":
            yield BlockQuote(_blocks(node, reading, level), location=place)
        case "hr":
            yield ThematicBreak(location=place)
        case "html_block":
            _comment(node, reading)
        case "container_glossary":
            yield glossary_list(reading)
        case "container_notes":
            yield EndNotes(reading.end_notes, location=place)
        case "container_table":
            yield from _table(node, reading)
        case "container_figure":
            yield from _figure(node, reading, level)
        case kind if kind.removeprefix("container_") in tuple(NoteKind):
            yield _note(node, reading, level)
        case "heading":
            reading.fault("S018", "a heading cannot stand here", line=line)
        case "table":
            reading.fault(
                "S019", "a table needs a caption", line=line, hint="put it into ::: table ID with a caption"
            )
        case _:
            reading.fault("S007", f"{node.type} is not part of the dialect", line=line)


def _comment(node: SyntaxTreeNode, reading: Reading) -> None:
    found = _TRANSLATORS.match(node.content)
    if found:
        reading.pending_note = " ".join(f"{reading.pending_note} {found[1]}".split())
    else:
        hint = "only <!-- translators: … --> on lines of its own is known"
        reading.fault("S005", "HTML is not part of the dialect", line=_line(node), hint=hint)


def _items(node: SyntaxTreeNode, reading: Reading, level: int) -> tuple[ListItem, ...]:
    return tuple(
        ListItem(_blocks(item, reading, level, Role.ITEM), location=reading.at(_line(item)))
        for item in node.children
    )


def _definitions(node: SyntaxTreeNode, reading: Reading, level: int) -> Iterator[Definition]:
    term: Segment | None = None
    for child in node.children:
        if child.type == "dt":
            term = _segment(child, Role.TERM, reading)
        elif term is not None:
            blocks = _blocks(child, reading, level, Role.EXPLANATION)
            yield Definition(term, blocks, location=term.location)
            term = None
        else:
            reading.fault("S023", "a term has one explanation", line=_line(child))


def _name(node: SyntaxTreeNode, reading: Reading) -> str:
    """Return the id after the kind on a container's first line."""
    words = node.info.split()
    if len(words) != 2:
        reading.fault("S024", f"write “::: {words[0]} ID”", line=_line(node))
        return words[0]
    return reading.claim(words[1], line=_line(node))


def _note(node: SyntaxTreeNode, reading: Reading, level: int) -> Note:
    name, children = _name(node, reading), node.children
    kind = NoteKind(node.type.removeprefix("container_"))
    heading = None
    inner = [c for c in children if c.type != "html_block"]
    if inner and inner[0].type == "heading":
        first = inner[0]
        if int(first.tag[1:]) != level + 1:
            reading.fault("S017", f"the heading of this box is of level {level + 1}", line=_line(first))
        for child in children[: children.index(first)]:
            _comment(child, reading)
        heading = _heading(first, reading, level + 1)
        children = children[children.index(first) + 1 :]
    blocks = tuple(b for child in children for b in _block(child, reading, level + 1))
    return Note(name, kind, heading, blocks, location=reading.at(_line(node)))


def _table(node: SyntaxTreeNode, reading: Reading) -> Iterator[Block]:
    name, caption = _name(node, reading), None
    rows: list[Row] = []
    for child in node.children:
        if child.type == "html_block":
            _comment(child, reading)
        elif child.type == "paragraph" and caption is None:
            caption = _segment(child, Role.CAPTION, reading)
        elif child.type == "table" and caption is not None and not rows:
            found = [row for part in child.children for row in part.children]
            rows = [_row(row, reading, heads=row is found[0]) for row in found]
        else:
            caption = None
            break
    if caption is None or not rows:
        reading.fault("S025", "a table container holds a caption, then a table", line=_line(node))
        return
    yield Table(name, caption, rows[0], tuple(rows[1:]), location=reading.at(_line(node)))


def _row(row: SyntaxTreeNode, reading: Reading, *, heads: bool) -> Row:
    first, other = (Role.COLUMN, Role.COLUMN) if heads else (Role.ROW, Role.CELL)
    return Row(tuple(_segment(c, other if n else first, reading) for n, c in enumerate(row.children)))


def _figure(node: SyntaxTreeNode, reading: Reading, level: int) -> Iterator[Block]:
    name, images, caption = _name(node, reading), [], None
    description: Blocks = ()
    for child in node.children:
        if child.type == "html_block":
            _comment(child, reading)
        elif child.type == "container_description" and not description:
            description = _blocks(child, reading, level)
        elif child.type == "paragraph" and (image := _image(child)) is not None:
            images.append(_read_image(image, reading, _line(child)))
        elif child.type == "paragraph" and caption is None:
            caption = _segment(child, Role.CAPTION, reading)
        else:
            reading.fault("S026", f"{child.type} does not belong here in a figure", line=_line(child))
    if not images or caption is None or not description:
        hint = "write one or more ![alternative text {#id}](figures/name.svg), a caption, and ::: description"
        reading.fault(
            "S027", "a figure needs images, a caption and a description", line=_line(node), hint=hint
        )
        return
    yield Figure(name, tuple(images), caption, description, location=reading.at(_line(node)))


def _image(paragraph: SyntaxTreeNode) -> SyntaxTreeNode | None:
    inline = paragraph.children[0]
    only = [n for n in inline.children if not (n.type == "text" and not n.content.strip())]
    return only[0] if len(only) == 1 and only[0].type == "image" else None


def _read_image(node: SyntaxTreeNode, reading: Reading, line: int) -> Image:
    text, segment_id = split_id(node.content)
    # The alternative text is read like any block's text, so that one rule serves for all segments.
    token = Token("inline", "", 0, content=text, children=[Token("text", "", 0, content=text)])
    token.meta["segment"], token.map = segment_id, [line, line + 1]
    alt = read_segment(SyntaxTreeNode([token]).children[0], Role.ALTERNATIVE, reading)
    drawing = read_drawing(str(node.attrs.get("src", "")), reading, line=line)
    return Image(drawing, alt, location=reading.at(line))
