"""What pizwgd may although it is not root, one thing at a time, and what it may not."""

import os
import re
import subprocess

import pytest

from lab.roots import SERVER_KEY
from lab.waiting import until

KEY = "/" + SERVER_KEY
PORT = "/sys/devices/virtual/usb1/1-1/1-1:1.0/1-1-port2"
# A hub of a Raspberry Pi as udev sees it: the files of its device and of the interface that the hub's driver has.
HUB = {"1-1": {"uevent": "DEVTYPE=usb_device\nMAJOR=189\nMINOR=1\nDEVNAME=bus/usb/001/002\n", "bDeviceClass": "09\n"},
       "1-1/1-1:1.0": {"uevent": "DEVTYPE=usb_interface\nDRIVER=hub\n"},
       "1-2": {"uevent": "DEVTYPE=usb_device\nMAJOR=189\nMINOR=2\nDEVNAME=bus/usb/001/003\n", "bDeviceClass": "02\n"},
       "1-2/1-2:1.0": {"uevent": "DEVTYPE=usb_interface\nDRIVER=cdc_acm\n"}}


def inside(machine, *command):
    """Runs a command as the daemon, in what the daemon sees of the machine."""
    pid = machine.main_pid()
    return machine.run("nsenter", f"--target={pid}", "--mount", "--", "setpriv", "--reuid=pizwg", "--regid=pizwg",
                       "--init-groups", *command, check=False)


# --- the identity


def test_the_key_is_readable_to_the_daemon_and_to_nobody_else(machine):
    assert machine.run("stat", "-c", "%U:%G %a", KEY).stdout.strip() == "root:pizwg 640"
    assert inside(machine, "cat", KEY).returncode == 0
    assert inside(machine, "sh", "-c", f"echo x >>{KEY}").returncode != 0
    assert machine.run("cat", KEY, user="nobody", check=False).returncode != 0


def test_an_identity_that_was_unpacked_by_hand_is_the_daemons_after_a_restart(machine):
    before = machine.run("cat", KEY).stdout
    machine.run("tar", "-C", "/", "-xf", "/root/backup.tar")  # as the first PiZWG did it: root's, 0600
    assert machine.run("stat", "-c", "%U:%G %a", KEY).stdout.strip() == "root:root 600"
    until(lambda: "systemctl restart pizwgd makes it readable" in machine.journal(), what=machine.journal())
    machine.wait_for_status("ready")  # with the identity that it has
    machine.run("systemctl", "restart", "pizwgd")
    assert machine.run("stat", "-c", "%U:%G %a", KEY).stdout.strip() == "root:pizwg 640"
    assert machine.run("cat", KEY).stdout == before
    machine.wait_for_status("ready")


def test_a_client_that_is_added_is_let_in_without_a_restart(machine):
    before = machine.main_pid()
    machine.run("pizwg", "client", "add", "spare")
    until(lambda: "identity read allowed_certificates=2" in machine.journal())
    assert machine.main_pid() == before


# --- the hub


@pytest.fixture
def hub(machine):
    """udev's view of HUB, by a /sys of its own: what udevadm says it would do at a device's coming."""
    mock = machine.path("/run/lab/mock")
    for name, files in HUB.items():
        device = mock / "sys/devices/pci0/usb1" / name
        device.mkdir(parents=True)
        for file, content in files.items():
            (device / file).write_text(content)
        os.symlink(os.path.relpath(mock / "sys/bus/usb", device), device / "subsystem")
    (mock / "sys/bus/usb").mkdir(parents=True)

    def ask(action, device):
        asked = machine.run("env", "UMOCKDEV_DIR=/run/lab/mock", "umockdev-wrapper", "udevadm", "test",
                            f"--action={action}", f"/sys/devices/pci0/usb1/{device}", check=False)
        return asked.stdout + asked.stderr

    yield ask
    subprocess.run(["rm", "-r", mock], check=True)


def test_udev_gives_hubs_to_the_daemon_and_nothing_else(machine, hub):
    group = machine.run("getent", "group", "pizwg").stdout.split(":")[2]
    said = hub("add", "1-1")
    assert f"60-pizwg.rules:5 GROUP {group}" in said and "60-pizwg.rules:5 MODE 0664" in said
    assert "60-pizwg.rules" not in hub("add", "1-2").replace("Reading rules file: /usr/lib/udev/rules.d/60-pizwg.rules", "")
    assert "run: '/bin/sh -c 'chgrp" not in hub("bind", "1-2/1-2:1.0")


@pytest.mark.parametrize("action", ["add", "bind"])
def test_what_udev_runs_lets_the_daemon_switch_a_port_and_its_sandbox_does_too(machine, hub, action):
    said = re.search(r"run: '/bin/sh -c '(.*)''$", hub(action, "1-1/1-1:1.0"), re.MULTILINE)
    machine.run("mount", "-t", "tmpfs", "ports", "/sys/devices/virtual")
    machine.run("systemctl", "restart", "pizwgd")  # a mount comes into its sandbox only when that is made
    machine.run("mkdir", "-p", PORT)
    machine.run("sh", "-c", f"echo 0 >{PORT}/disable; chmod 644 {PORT}/disable")
    machine.run("sh", "-c", said.group(1).replace("/sys/devices/pci0", "/sys/devices/virtual"))
    assert inside(machine, "sh", "-c", f"echo 1 >{PORT}/disable").returncode == 0
    assert machine.run("cat", f"{PORT}/disable").stdout == "1\n"
    machine.run("umount", "/sys/devices/virtual")


@pytest.mark.parametrize("place", ["/etc/pizwg/x", "/usr/x", "/var/lib/x", "/tmp/x", "/run/x", "/proc/sys/kernel/hostname"])
def test_it_writes_nowhere_else(machine, place):
    assert inside(machine, "sh", "-c", f"echo x >{place}").returncode != 0


@pytest.mark.parametrize("folder", ["/root", "/home"])
def test_it_does_not_see_the_homes(machine, folder):
    assert inside(machine, "ls", folder).returncode != 0


# --- systemd

UNITS, LOGIN = "org.freedesktop.systemd1", "org.freedesktop.login1"
MAY = [(f"{UNITS}.manage-units", "keepalived.service", verb) for verb in
       ("start", "restart", "reload-or-try-restart", "kill")]
MAY += [(f"{LOGIN}.{action}", None, None) for action in ("reboot", "reboot-multiple-sessions", "reboot-ignore-inhibit")]
MAY_NOT = [(f"{UNITS}.manage-units", "keepalived.service", verb) for verb in ("stop", "set-property", "")]
MAY_NOT += [(f"{UNITS}.manage-units", unit, "restart") for unit in
            ("ssh.service", "pizwgd.service", "keepalived.service.d", "keepalived@.service", "")]
MAY_NOT += [(f"{UNITS}.{action}", None, None) for action in ("manage-unit-files", "reload-daemon", "set-environment")]
MAY_NOT += [(f"{LOGIN}.{action}", None, None) for action in ("power-off", "halt", "suspend", "set-reboot-parameter")]


def polkit_allows(machine, user, action, unit, verb):
    details = ["--detail", "unit", unit, "--detail", "verb", verb] if unit is not None else []
    # The shell's own process is the one that asks.
    asked = machine.run("sh", "-c", 'setpriv --reuid="$1" --regid="$1" --clear-groups sleep 30 & asker=$!; shift; '
                                    'until [ "$(stat -c %U /proc/$asker)" != root ]; do :; done; '
                                    'pkcheck --process $asker "$@"; status=$?; kill $asker; exit $status',
                        "ask", user, "--action-id", action, *details, check=False)
    assert "No such action" not in asked.stderr and "not registered" not in asked.stderr, asked.stderr
    return asked.returncode == 0


@pytest.mark.parametrize("action, unit, verb", MAY)
def test_polkit_lets_it(machine, action, unit, verb):
    assert polkit_allows(machine, "pizwg", action, unit, verb)
    assert not polkit_allows(machine, "daemon", action, unit, verb)


@pytest.mark.parametrize("action, unit, verb", MAY_NOT)
def test_polkit_does_not_let_it(machine, action, unit, verb):
    assert not polkit_allows(machine, "pizwg", action, unit, verb)


def test_systemd_asks_polkit(machine):
    """The verbs above are what systemctl makes of its words."""
    before = machine.main_pid("keepalived")
    systemctl = ("systemctl", "--no-ask-password")
    machine.run(*systemctl, "restart", "keepalived.service", user="pizwg")
    machine.run(*systemctl, "--no-block", "try-reload-or-restart", "keepalived.service", user="pizwg")
    machine.run(*systemctl, "kill", "--signal=SIGKILL", "keepalived.service", user="pizwg")
    until(lambda: machine.main_pid("keepalived") not in (0, before))
    for refused in (("stop", "keepalived.service"), ("restart", "dbus.service"), ("kill", "dbus.service"),
                    ("poweroff",), ("daemon-reload",)):
        asked = machine.run(*systemctl, *refused, user="pizwg", check=False)
        assert asked.returncode != 0 and "nteractive authentication required" in asked.stderr, asked.stderr
