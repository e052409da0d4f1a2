"""Faults, and what a build makes of them.

After each of them the next build that nothing disturbs completes, and all that it leaves is byte for byte
what a build leaves that nothing ever disturbed. A module here is a kind of fault; its tests note what they
did, and `python -m pytest tests/faults` ends with the table of it. Lists of organisations with bad rows
belong in a module of their own, test_organisations.py: a build of them is a `Site` with its own wishes.
"""
