"""handout: one canonical leaflet, every accessible form, every language.

Data goes one way: source → Document → TranslatedDocument → Rendition → Report.
`pipeline/README.md` explains the layers and where to start reading.
"""

__version__ = "0.1.0"
