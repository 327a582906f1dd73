"""Power that goes at random moments of a boot, while the host takes over what is on its card, which is when it writes most."""

import os
import random

import pytest

from lab.appliance import CONFIG
from lab.waiting import until

BOOT_LIMIT = 900
CUTS = int(os.environ.get("PIZWG_POWER_CUTS", "20"))
LONGEST = int(os.environ.get("PIZWG_LONGEST_BOOT", "90"))  # seconds, of a boot that is cut off
SEED = int(os.environ.get("PIZWG_SEED", random.randrange(2**32)))


def test_what_is_cut_off_is_done_by_the_boot_that_is_not(first, lab):
    """QEMU is killed: what the guest has written is on the disk, what it has not is lost. A card's own cache is not."""
    print(f"PIZWG_SEED={SEED}")
    moments = random.Random(SEED)
    first.ssh("pizwg setup")
    identity = first.ssh("sha256sum /etc/ser2net/ser2net.key /data/ssh/*_key").stdout
    for number in range(CUTS):
        first.cut_power()
        put_files(lab, first, number)
        first.start()
        with pytest.raises(AssertionError, match="not within"):
            first.machine.wait_for("never said", timeout=moments.uniform(1, LONGEST))
    first.cut_power()
    put_files(lab, first, CUTS)
    first.start()
    first.wait_until_up(BOOT_LIMIT)
    until(lambda: first.ssh("systemctl show --value --property StatusText pizwgd").stdout.strip() == "ready", 300, "ready")
    assert first.ssh("hostname").stdout == f"cellar-{CUTS}\n"
    assert set(first.ssh("ls /boot/firmware/pizwg").stdout.split()) == {"README.txt", "report.txt"}
    assert first.ssh("sha256sum /etc/ser2net/ser2net.key /data/ssh/*_key").stdout == identity
    assert first.ssh("systemctl list-units --failed --plain --no-legend").stdout == ""
    assert first.ssh("touch /etc/file", check=False).returncode != 0


def put_files(lab, host, number):
    for name, content in {"authorized_keys": lab.public_key, "hostname": f"cellar-{number}\n", "pizwg.toml": CONFIG}.items():
        host.card.put(name, content)
