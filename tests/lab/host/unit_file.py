"""A unit as systemd reads it from its file and drop-ins, as far as the laboratory's stand-in for systemd goes."""

import re
import shlex
from dataclasses import dataclass

_UNITS = {"": 1.0, "s": 1.0, "sec": 1.0, "ms": 0.001, "min": 60.0}


@dataclass(frozen=True)
class Command:
    words: list
    may_fail: bool


class Unit:
    """The keys that are looked at mean the same in whatever section they stand."""

    def __init__(self, name, paths):
        self.name = name
        self._settings = {}
        for path in paths:
            self._read(path.read_text())

    def _read(self, text):
        for line in text.replace("\\\n", " ").splitlines():
            if line.lstrip().startswith(("#", ";", "[")) or "=" not in line:
                continue
            key, value = (part.strip() for part in line.split("=", 1))
            # An empty value takes back what stands before it.
            self._settings[key] = [*self._settings.get(key, []), value] if value else []

    def text(self, key, default=""):
        values = self._settings.get(key)
        return values[-1] if values else default

    def words(self, key):
        return " ".join(self._settings.get(key, [])).split()

    def seconds(self, key, default):
        text = self.text(key)
        if not text:
            return default
        number, unit = re.fullmatch(r"([\d.]+)\s*([a-z]*)", text).groups()
        return float(number) * _UNITS[unit]

    def commands(self, key):
        return [_command(value) for value in self._settings.get(key, [])]


def _command(text):
    prefix = re.match(r"[-@:+!|]*", text).group()
    return Command(shlex.split(text[len(prefix):]), "-" in prefix)
