"""RESULTS.md, which several benches write: each of the later ones its own part, between markers that nobody sees."""

import re

PARTS = ("failover", "driver")


def write_part(name, text, folder):
    """Replaces that part, or adds it at the end."""
    before = _text(folder)
    part = f"<!-- {name} -->\n{text}\n<!-- /{name} -->"
    old = _part(name, before)
    _path(folder).write_text(before.replace(old, part) if old else f"{before.rstrip()}\n\n{part}\n")


def write_rest(text, folder):
    """Replaces everything that is no part."""
    parts = [part for part in (_part(name, _text(folder)) for name in PARTS) if part]
    _path(folder).write_text("\n\n".join([text.rstrip(), *parts]) + "\n")


def _path(folder):
    return folder / "RESULTS.md"


def _text(folder):
    return _path(folder).read_text() if _path(folder).exists() else ""


def _part(name, text):
    """With its markers; "" when there is none."""
    found = re.search(f"<!-- {name} -->.*?<!-- /{name} -->", text, re.DOTALL)
    return found[0] if found else ""
