"""Power that goes at random moments of a boot, while the host takes over what is on its card, which is when it writes most."""

import os
import random
import re
import subprocess
import time

import pytest

from lab.appliance import CONFIG
from lab.power_loss import CheckedDisk

BOOT_LIMIT = 900
CUTS = int(os.environ.get("PIZWG_POWER_CUTS", "100"))
SEED = int(os.environ.get("PIZWG_SEED", random.randrange(2**32)))
# Where a file of the boot partition's folder goes.
TAKEN = {"authorized_keys": ("data", "root/.ssh/authorized_keys"), "pizwg.toml": ("data", "pizwg/pizwg.toml"),
         "backup.tar": ("data", "root/backup.tar"), "hostname": ("root", "etc/hostname")}
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
    files = {"authorized_keys": lab.public_key, "pizwg.toml": CONFIG, "backup.tar": backup.read_bytes()}

    longest, lost = boot_seconds(first), 0
    for number in range(CUTS):
        lost += first.cut_power(chance)
        if number:
            nothing_is_lost(first, files, number - 1)
        put(first, files, number)
        first.start()
        moment = chance.uniform(0, longest)
        with pytest.raises(subprocess.TimeoutExpired):
            first.machine.wait(timeout=moment)
        console = re.sub("\x1b\\[[0-9;]*m", "", first.console())
        assert not [word for word in LOST if word in console], f"cut {number}, after {moment:.1f} s:\n{console[-3000:]}"
    lost += first.cut_power(chance)
    nothing_is_lost(first, files, CUTS - 1)
    print(f"{CUTS} cuts within {longest:.0f} s of a boot; {lost} sectors of what was written were lost")
    assert lost or CUTS < 20, "no cut met a write that was not flushed"

    put(first, files, CUTS)
    first.start()
    first.wait_until_up(BOOT_LIMIT)
    first.wait_until_ready()
    assert first.ssh("hostname").stdout == f"cellar-{CUTS}\n"
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
    """Each file that was put on the card is there still, or has been taken over."""
    disk = CheckedDisk(host.card.disk, host.card.disk.parent)
    for name, content in numbered(files, number).items():
        content = content if isinstance(content, bytes) else content.encode()
        partition, place = TAKEN[name]
        left, taken = disk.boot_file(f"pizwg/{name}"), disk.file(partition, place)
        assert content in (left, taken), f"cut {number}: {name} is gone: {left[:100]!r} is left, {taken[:100]!r} was taken over"


def put(host, files, number):
    for name, content in numbered(files, number).items():
        host.card.put(name, content)


def numbered(files, number):
    """Others each time, but for the backup, as far as their content goes."""
    contents = {name: content + f"# {number}\n" for name, content in files.items() if name != "backup.tar"}
    return {**files, **contents, "hostname": f"cellar-{number}\n"}
