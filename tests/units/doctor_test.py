"""pizwg-doctor.timer and its service, as systemd runs them: what it finds in its sandbox is what root finds at the prompt."""

import json
import re

import pytest

from lab.metrics import parse
from lab.waiting import until

FILE = "/run/pizwg/metrics/pizwg-doctor.prom"
GRADES = {"ok": 0, "warning": 1, "error": 2}


def found_by_the_service(machine):
    """{check: grade}"""
    machine.run("systemctl", "start", "pizwg-doctor.service")
    said = parse(machine.run("cat", FILE).stdout)
    return {dict(labels)["check"]: value for (name, labels), value in said.items() if name == "pizwg_doctor_finding"}


def found_at_the_prompt(machine):
    said = machine.run("pizwg", "doctor", "--json", check=False).stdout
    return {finding["check"]: GRADES[finding["grade"]] for finding in json.loads(said)["findings"]}


@pytest.mark.usefixtures("master")
def test_its_sandbox_hides_nothing_from_it(machine):
    assert found_by_the_service(machine) == found_at_the_prompt(machine)
    assert machine.property("pizwg-doctor.service", "Result") == "success"


def test_the_timer_waits_for_its_time(machine):
    machine.run("systemctl", "start", "pizwg-doctor.timer")
    listed = machine.run("systemctl", "list-timers", "--no-pager", "pizwg-doctor.timer").stdout
    assert re.search(r"pizwg-doctor\.timer +pizwg-doctor\.service", listed), listed
    assert machine.property("pizwg-doctor.timer", "SubState") == "waiting"
    assert machine.property("pizwg-doctor.timer", "NextElapseUSecRealtime")


def test_systemd_has_nothing_to_complain_of(machine):
    verified = machine.run("systemd-analyze", "verify", "--man=no", "pizwg-doctor.service", "pizwg-doctor.timer")
    assert "pizwg" not in verified.stdout + verified.stderr, verified.stderr
    machine.run("systemd-analyze", "security", "--no-pager", "--threshold=45", "pizwg-doctor.service")


@pytest.mark.usefixtures("master")
def test_a_writable_root_is_seen_from_within_the_sandboxes(machine):
    """To a unit with ProtectSystem=strict everything looks read-only."""
    assert found_by_the_service(machine)["root-read-only"] == GRADES["warning"]
    told = json.loads(machine.run("pizwg", "status", "--json").stdout)
    assert told["machine"]["root_read_only"] is False


def test_it_says_what_it_found_also_without_the_daemon(machine):
    machine.run("systemctl", "stop", "pizwgd")
    try:
        assert found_by_the_service(machine)["daemon"] == GRADES["error"]
        until(lambda: "must be mended" in machine.journal("pizwg-doctor"))
    finally:
        machine.run("systemctl", "start", "pizwgd")
    machine.wait_for_status("ready", 60)
