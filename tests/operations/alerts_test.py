"""The alert rules, as promtool sees them, and the page that says what to do about each."""

import re
from pathlib import Path

import pytest

from lab.program import run
from lab.prometheus import DEPLOY, panels

FOLDER = DEPLOY / "prometheus"
RULES = (FOLDER / "pizwg.rules.yml").read_text()
ALERTS = re.findall(r"- alert: (\w+)", RULES)
REPOSITORY = Path(__file__).parents[2]


def test_the_configuration_is_one():
    run("promtool", "check", "config", FOLDER / "prometheus.yml")


@pytest.mark.parametrize("tests", sorted(FOLDER.glob("*.test.yml")), ids=lambda path: path.name)
def test_each_alert_fires_for_what_it_is_about(tests):
    run("promtool", "test", "rules", tests, cwd=FOLDER)


@pytest.mark.parametrize("alert", ALERTS)
def test_each_alert_has_a_test(alert):
    tests = "".join(path.read_text() for path in FOLDER.glob("*.test.yml"))
    assert f'"{alert}"' in tests or f"alertname: {alert}\n" in tests


@pytest.mark.parametrize("alert", ALERTS)
def test_each_alert_says_what_to_do(alert):
    page = (REPOSITORY / "docs/operations.md").read_text()
    assert f"runbook: docs/operations.md#{alert.lower()}\n" in RULES
    assert re.search(rf"^#+ {alert}$", page, re.MULTILINE)


def test_every_metric_of_rules_and_dashboard_is_documented():
    documented = re.findall(r"^\| `(pizwg_\w+)", (REPOSITORY / "docs/metrics.md").read_text(), re.MULTILINE)
    asked = RULES + "".join(target["expr"] for panel in panels() for target in panel["targets"])
    assert set(re.findall(r"\bpizwg_\w+", asked)) <= set(documented)
