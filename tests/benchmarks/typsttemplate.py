"""The look of a leaflet by Typst, in the measures of an edition: filled in with `str.format`."""

from __future__ import annotations

# The library of a leaflet, in the measures of an edition: imported by the file of each organisation.
LIBRARY = """
#let ink = rgb("#14171A")
#let primary = rgb("#0A3A5C")
#let accent = rgb("#7A2E0E")
#let tint = rgb("#EAF3F8")
#let warm = rgb("#FFF4E5")
#let line-pitch = {pitch}pt
#let setup(body) = {{
  set document(title: {title}, author: (), date: datetime(year: {year}, month: {month}, day: {day}))
  set page(
    width: {width}pt, height: {height}pt,
    margin: (top: {top}pt, bottom: {bottom}pt, x: {side}pt),
    numbering: "1 / 1", number-align: end,
  )
  set text(font: ({fonts},), size: {body}pt, lang: "{lang}", hyphenate: false, fill: ink,
    top-edge: 0.75em, bottom-edge: -0.25em)
  set par(leading: line-pitch - {body}pt, spacing: 2 * line-pitch - {body}pt, justify: false)
  set list(marker: [•], indent: 0pt, body-indent: 0.6em, spacing: 1.3 * line-pitch - {body}pt)
  set enum(spacing: 1.3 * line-pitch - {body}pt)
  show title: set text(size: {h1}pt, fill: primary)
  show heading: set text(fill: primary)
  show heading: set block(above: 1.6 * line-pitch, below: 0.8 * line-pitch, sticky: true)
  show heading.where(level: 1): set text(size: {h2}pt)
  show heading.where(level: 2): set text(size: {h3}pt)
  show heading.where(level: 3): set text(size: {h4}pt)
  show figure.caption: set text(weight: "bold", fill: primary)
  show figure.where(kind: table): set figure.caption(position: top)
  show figure: set align(start)
  show emph: it => strong(it.body)
  set figure(numbering: none, supplement: none, gap: 0.6em)
  set table(inset: 0.4em, stroke: (bottom: 0.75pt + primary), align: start)
  body
}}
#let note(fill: tint, edge: primary, body) = block(
  width: 100%, fill: fill, stroke: ({edge}: 5pt + edge), inset: (x: 1em, y: 0.8em), body)
#let write-in(body) = block(width: 100%, inset: (bottom: 1em), stroke: (bottom: 1pt + ink), body)
#let panels(..pictures) = grid(columns: {columns}, gutter: 8pt, ..pictures)
#let drawing(path, alt) = box(stroke: 1pt + primary, image(path, alt: alt, width: {panel}pt))
"""
