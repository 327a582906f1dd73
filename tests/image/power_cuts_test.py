"""Power that goes at random moments of a boot, while the host takes over what is on its card, which is when it writes most."""

import os
import random
import re
import subprocess
import time

import pytest

from lab.appliance import CONFIG
from lab.power_loss import CheckedDisk
from lab.program import run
from lab.waiting import until

BOOT_LIMIT = 900
CUTS = int(os.environ.get("PIZWG_POWER_CUTS", "100"))
SEED = int(os.environ.get("PIZWG_SEED", random.randrange(2**32)))
# Where a file of the boot partition's folder goes.
TAKEN = {"authorized_keys": ("data", "root/.ssh/authorized_keys"), "pizwg.toml": ("data", "pizwg/pizwg.toml"),
         "backup.tar": ("data", "root/backup.tar"), "hostname": ("root", "etc/hostname")}
OPTIONS = {"authorized_keys": "--ssh-key", "pizwg.toml": "--config", "backup.tar": "--backup", "hostname": "--hostname"}
# What a boot says that wants somebody at the console.
LOST = ("Kernel panic", "emergency mode", "UNEXPECTED INCONSISTENCY", "rescue mode", "[FAILED]", "[DEPEND]")


def test_what_is_cut_off_is_done_by_the_boot_that_is_not(first, lab):
    """The card loses what it was not told to flush. Each boot begins with what the cut before it left."""
    print(f"PIZWG_SEED={SEED}")
    chance = random.Random(SEED)
    first.ssh("pizwg setup")
    identity = first.ssh("sha256sum /etc/ser2net/ser2net.key /data/ssh/*_key").stdout
    backup = lab.folder / "backup.tar"
    first.copy_from("/root/backup.tar", backup)
    files = {"authorized_keys": lab.public_key.encode(), "pizwg.toml": CONFIG.encode(), "backup.tar": backup.read_bytes()}

    longest, lost, last = boot_seconds(first), 0, None
    for number in range(CUTS):
        lost += first.cut_power(chance)
        nothing_is_lost(first, files, last)
        last = number if provision(first, files, number) else last
        first.start()
        moment = chance.uniform(0, longest)
        if number % 2:  # every other time after the beginning of what writes
            until(lambda: "pizwg-first-boot" in first.console(), BOOT_LIMIT, "the files' being taken over")
            moment = chance.uniform(0, longest / 5)
        with pytest.raises(subprocess.TimeoutExpired):
            first.machine.wait(timeout=moment)
        console = re.sub("\x1b\\[[0-9;]*m", "", first.console())
        assert not [word for word in LOST if word in console], f"cut {number}, after {moment:.1f} s:\n{console[-3000:]}"
    lost += first.cut_power(chance)
    nothing_is_lost(first, files, last)
    print(f"{CUTS} cuts within {longest:.0f} s of a boot; {lost} sectors of what was written were lost")
    assert lost or CUTS < 20, "no cut met a write that was not flushed"

    first.start()
    first.wait_until_up(BOOT_LIMIT)
    first.wait_until_ready()
    assert first.ssh("hostname").stdout == f"cellar-{last}\n"
    assert set(first.ssh("ls /boot/firmware/pizwg").stdout.split()) == {"README.txt", "report.txt"}
    assert first.ssh("sha256sum /etc/ser2net/ser2net.key /data/ssh/*_key").stdout == identity
    assert first.ssh("systemctl list-units --failed --plain --no-legend").stdout == ""
    assert first.ssh("touch /etc/file", check=False).returncode != 0


def boot_seconds(host):
    """How long this machine takes for a boot, to a login."""
    host.cut_power()
    began = time.monotonic()
    host.start()
    host.wait_until_up(BOOT_LIMIT)
    return time.monotonic() - began


def nothing_is_lost(host, files, number):
    """Each file that was put on the card last is there still, or has been taken over."""
    if number is None:
        return
    disk = CheckedDisk(host.card.disk, host.card.disk.parent)
    for name, content in numbered(files, number).items():
        partition, place = TAKEN[name]
        left, taken = disk.boot_file(f"pizwg/{name}"), disk.file(partition, place)
        assert content in (left, taken), f"cut {number}: {name} is gone: {left[:100]!r} is left, {taken[:100]!r} was taken over"


def provision(host, files, number):
    """As a user does it. Refused after a cut while the boot partition was written to: the next boot has to mend it first."""
    options = []
    for name, content in numbered(files, number).items():
        file = host.card.disk.parent / name
        file.write_bytes(content)
        options += [OPTIONS[name], file if name != "hostname" else content.decode().strip()]
    done = run("pizwg", "provision", host.card.disk, *options, check=False)
    assert done.returncode == 0 or "when its power went" in done.stderr, done.stderr
    return done.returncode == 0


def numbered(files, number):
    """Others each time, but for the backup, as far as their content goes."""
    mark = f"# {number}\n".encode()
    return {name: content if name == "backup.tar" else content + mark for name, content in files.items()} | {
        "hostname": f"cellar-{number}\n".encode()}
