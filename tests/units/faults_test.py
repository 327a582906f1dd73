"""What systemd makes of a host in trouble: dark first, then the VIP goes, then everything starts anew."""

import time

import pytest

from lab.journal import Since
from lab.waiting import until

pytestmark = pytest.mark.usefixtures("master")


def test_a_killed_daemon_leaves_the_dark_behind_and_then_no_master(machine):
    power, journal = machine.power_log(), Since(machine)
    machine.signal("pizwgd", "SIGKILL")
    assert power.next_off(), "the VIP went before the power"
    journal.wait_for("code=killed, status=9/KILL", "hub off", "veto set", "Starting pizwgd.service", "to=standby")


def test_a_frozen_daemon_is_killed_by_the_watchdog_and_the_same_follows(machine):
    power, journal = machine.power_log(), Since(machine)
    started = time.monotonic()
    machine.signal("pizwgd", "SIGSTOP")
    assert power.next_off(), "the VIP went before the power"
    assert time.monotonic() - started < 15  # 5 s, and what a busy machine adds
    journal.wait_for("Watchdog timeout", "code=killed, status=9/KILL", "hub off", "veto set", "Starting pizwgd.service")


def test_a_daemon_that_crashes_again_and_again_is_started_again_and_again(machine):
    for _ in range(6):  # more often than systemd's usual limit of five in ten seconds
        before = machine.main_pid()
        machine.signal("pizwgd", "SIGKILL")
        until(lambda: machine.main_pid() not in (0, before) and machine.property("pizwgd", "SubState") == "running", 20)


def test_a_daemon_that_is_started_anew_leaves_a_keepalived_alone_that_runs_as_it_should(machine):
    def election():
        return machine.run("cat", "/run/keepalived/vrrp.pid").stdout

    before, journal = election(), Since(machine, "keepalived")
    machine.run("systemctl", "restart", "pizwgd")
    machine.wait_for_status("ready")
    assert election() == before and "Reloading" not in journal.text()


def test_stopping_the_daemon_is_dark_vetoed_and_final(machine):
    power, journal = machine.power_log(), Since(machine)
    machine.run("systemctl", "stop", "pizwgd")
    assert power.next_off(), "the VIP went before the power"
    journal.wait_for("to=releasing", "to=yielding", "Stopped pizwgd.service")
    assert machine.is_dark() and not machine.has_vip()
    assert machine.path("/run/pizwg/veto").read_text().strip() == "1"
    assert machine.property("pizwgd", "Result") == "success"
    machine.run("systemctl", "start", "monitor.service")  # the first PiZWG's name for it


def test_stopping_keepalived_is_dark_before_the_vip_goes(machine):
    power = machine.power_log()
    machine.run("systemctl", "stop", "keepalived")
    assert power.next_off(), "the VIP went before the power"
    assert machine.is_dark() and not machine.has_vip()
    assert machine.property("keepalived", "Result") == "success"
    machine.run("systemctl", "start", "keepalived")


def test_stopping_keepalived_while_the_daemon_is_frozen_is_over_when_the_watchdog_has_spoken(machine):
    power = machine.power_log()
    machine.signal("pizwgd", "SIGSTOP")
    machine.run("systemctl", "stop", "keepalived")
    assert power.next_off(), "the VIP went before the power"
    until(lambda: not machine.has_vip())
    machine.run("systemctl", "start", "keepalived")


def test_a_killed_keepalived_is_started_anew_and_lets_go_of_the_vip_it_left_behind(machine):
    power = machine.power_log()
    machine.run("systemctl", "kill", "--signal=SIGKILL", "keepalived")
    power.next_off()
    until(lambda: machine.property("keepalived", "NRestarts") != "0", 20)


def test_a_frozen_keepalived_is_killed_at_the_daemons_request(machine):
    power, before = machine.power_log(), machine.main_pid("keepalived")
    machine.run("systemctl", "kill", "--signal=SIGSTOP", "keepalived")
    power.next_off()
    until(lambda: machine.main_pid("keepalived") not in (0, before), 20)
