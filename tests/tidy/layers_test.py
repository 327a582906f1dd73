"""Dependencies point one way: programs -> adapters -> core -> base. And the pure layers stay pure."""

import re
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src"
BELOW = {"base": {"base"}, "core": {"base", "core"}, "adapters": {"base", "core", "adapters"}}
# What would bring a clock, a descriptor or the outside world into core.
IMPURE = re.compile(r"<(asio.*|openssl/.*|unistd\.h|fcntl\.h|sys/.*|netinet/.*|fstream|iostream|thread|mutex|"
                    r"libudev\.h|archive.*|termios\.h|filesystem)>|_clock::now|std::getenv|\bsystem\(")


def files(folder):
    return sorted(p for p in (SRC / folder).rglob("*") if p.suffix in (".h", ".cpp"))


def violations(layer, path, text):
    """Why `text`, as the file `path` of `layer`, breaks the rule: one message per bad line."""
    allowed = BELOW.get(layer, {"base", "core", "adapters", layer})
    found = [f"{path}: {layer} must not include {target}"
             for target in re.findall(r'^#include "([^"/]+)/', text, re.MULTILINE) if target not in allowed]
    if layer == "core" and not str(path).endswith("_test.cpp"):
        found += [f"{path}: core is pure, but has {m.group(0)}" for m in IMPURE.finditer(text)]
    return found


@pytest.mark.parametrize("layer", sorted(p.name for p in SRC.iterdir() if p.is_dir()))
def test_no_file_includes_a_layer_above_it(layer):
    assert files(layer), f"src/{layer} has no sources"
    found = [v for path in files(layer) for v in violations(layer, path, path.read_text())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("layer, line", [
    ("base", '#include "core/config.h"'),
    ("core", '#include "adapters/serial_port.h"'),
    ("adapters", '#include "pizwgd/bridge.h"'),
    ("pizwg", '#include "pizwgd/bridge.h"'),
    ("core", "#include <unistd.h>"),
    ("core", "auto now = std::chrono::steady_clock::now();"),
])
def test_the_rule_notices(layer, line):
    assert violations(layer, "x.cpp", line)
