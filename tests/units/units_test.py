"""The units themselves, as systemd of this Debian sees them, and what the daemon is allowed."""

from lab.waiting import until


def status_of(machine, unit="pizwgd"):
    """/proc/PID/status of the unit's main process, as a dictionary."""
    text = machine.run("cat", f"/proc/{machine.main_pid(unit)}/status").stdout
    return {key: value.split() for key, value in (line.split(":", 1) for line in text.splitlines())}


def test_systemd_has_nothing_to_complain_of(machine):
    for unit in ("pizwgd.service", "keepalived.service"):
        verified = machine.run("systemd-analyze", "verify", "--man=no", unit)
        # Debian's own units have their warnings; ours are to have none.
        assert "pizwg" not in verified.stdout + verified.stderr, verified.stderr


def test_the_exposure_is_at_most_2(machine):
    machine.run("systemd-analyze", "security", "--no-pager", "--threshold=20", "pizwgd.service")


def test_the_daemon_is_nobody_in_particular(machine):
    status = status_of(machine)
    user = machine.run("id", "--user", "pizwg").stdout.strip()
    assert user != "0" and set(status["Uid"]) == {user}
    names = machine.run("id", "--name", "--groups", "pizwg").stdout.split()
    assert names == ["pizwg"], "whoever becomes pizwg otherwise gets no serial lines"
    groups = {machine.run("getent", "group", group).stdout.split(":")[0] for group in status["Groups"]}
    assert groups == {"pizwg", "dialout"}
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind][0], 16) == 0, kind
    assert status["NoNewPrivs"] == ["1"] and status["Seccomp"] == ["2"]


def test_it_waits_for_nothing_at_boot_that_takes_time(machine):
    after = machine.property("pizwgd", "After").split()
    for late in ("basic.target", "sysinit.target", "local-fs.target", "network.target", "network-online.target",
                 "systemd-tmpfiles-setup.service", "dbus.service"):
        assert late not in after


def test_the_names_of_the_first_pizwg(machine):
    assert "monitor.service" in machine.property("pizwgd", "Names")
    for name in ("pizwg-setup", "pizwg-backup", "pizwg-restore"):
        assert machine.run(name, "--help").stdout


def test_keepalived_comes_after_the_daemon_and_goes_before_it(machine):
    assert "pizwgd.service" in machine.property("keepalived", "After").split()
    assert machine.property("keepalived", "FragmentPath").endswith("lib/systemd/system/keepalived.service")
    until(lambda: machine.property("keepalived", "ActiveState") == "active")
    arguments = machine.run("cat", f"/proc/{machine.main_pid('keepalived')}/cmdline").stdout
    assert "/run/keepalived/pizwg.conf" in arguments
