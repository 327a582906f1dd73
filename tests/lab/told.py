"""What a host tells of itself, wherever it does: its log, its metrics, status and doctor."""

import re

from lab.metrics import parse
from lab.waiting import until


def metric(host, name, **labels):
    return parse(host.run_inside("cat", "/run/pizwg/metrics/pizwg.prom").stdout).get((name, frozenset(labels.items())))


def await_metric(host, value, name, **labels):
    until(lambda: metric(host, name, **labels) == value, 20,
          f"{host.name}: {name} {labels} = {value}, but it is {metric(host, name, **labels)}")


def status(host):
    """For people; without the places where lines are broken."""
    return " ".join(host.pizwg("status", check=False).stdout.split())


def finds(host, grade, check, what):
    """Doctor has that finding, now or soon: a host in trouble tries again, and is in another state meanwhile."""
    wanted = f"{grade} {check} {what}"
    until(lambda: wanted in " ".join(host.doctor().stdout.split()), 40, f"{wanted!r} in\n{host.doctor().stdout}")


def is_not_fit(host, why):
    """What status says, if it says that."""
    shown = host.pizwg("status", check=False)
    return shown if f"is not fit: {why}\n" in shown.stderr else None


def is_told_everywhere(host, state, fault):
    """By its two words, of the lifecycle."""
    assert re.search(rf"state changed .*to={state} .*fault={fault}", host.log())
    await_metric(host, 1, "pizwg_fault", fault=fault)
    await_metric(host, 1, "pizwg_state", state=state)
    shown = until(lambda: is_not_fit(host, f"{state}, {fault}"), 40, "status says it")
    assert f": {state}, {fault}, not fit\n" in shown.stdout and shown.returncode == 1
    finds(host, "error", "daemon", f"this host is not fit: {state}, {fault}")
