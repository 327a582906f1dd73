"""A host's metrics, as Prometheus reads them."""

import re

from lab.program import run
from lab.waiting import until

SAMPLE = re.compile(r'^([a-z_]+)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def parse(text):
    """{(name, frozenset of labels): value}"""
    samples = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = SAMPLE.match(line).groups()
        samples[name, frozenset(LABEL.findall(labels or ""))] = float(value)
    return samples


class Metrics:
    """The metrics file below the root that a standalone daemon was given."""

    def __init__(self, root):
        self.path = root / "run/pizwg/metrics/pizwg.prom"

    def text(self):
        return self.path.read_text()

    def value(self, name, **labels):
        """None when there is no such sample."""
        if not self.path.exists():
            return None
        return parse(self.text()).get((name, frozenset(labels.items())))

    def wait_for(self, value, name, timeout=10.0, **labels):
        until(lambda: self.value(name, **labels) == value, timeout,
              f"{name} {labels} = {value}, but it is {self.value(name, **labels)}")

    def check(self):
        """promtool's opinion: names, units, help, types."""
        checked = run("promtool", "check", "metrics", input=self.text(), check=False)
        assert checked.returncode == 0 and not checked.stdout + checked.stderr, checked.stdout + checked.stderr
