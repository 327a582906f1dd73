"""pizwg upgrade: newer packages, Debian's and ours, on a card that is read-only before and after."""

import os
from pathlib import Path

from lab.appliance import NETWORK
from lab.package_archive import make_newer, make_package, serve
from lab.waiting import until

ARCH = "amd64" if "amd64" in os.environ.get("PIZWG_IMAGE", "") else "arm64"
PACKAGES = Path(__file__).parents[2] / "out/trixie"


def test_newer_packages_and_a_reboot_that_says_how_it_went(first, lab):
    debians, ours = lab.folder / "debians", lab.folder / "ours"
    for folder in (debians, ours):
        folder.mkdir()
    make_package(debians, "netbase", "99")
    make_newer(next(PACKAGES.glob(f"pizwg_*_{ARCH}.deb")), ours, "9.1")
    source = serve(lab.programs, debians, f"{NETWORK}.1")

    first.ssh("pizwg setup")
    first.ssh(f"rw && echo '{source}' >/etc/apt/sources.list && ro")
    first.copy_to(ours / f"pizwg_9.1_{ARCH}.deb", "/root/")
    before = first.boot_id()
    said = first.ssh("pizwg upgrade /root 2>&1", check=False, timeout=1800).stdout  # the reboot ends it
    assert "The machine starts anew now" in said, said

    until(lambda: first.boot_id() not in ("", before), 900, "the reboot")
    first.wait_until_up()
    report = until(lambda: first.ssh("cat /data/upgrade.txt", check=False).stdout, 600, "a report")
    assert "pizwg\t9.1" in report and "All is well" in report, report
    assert first.ssh("dpkg-query --show netbase").stdout.split() == ["netbase", "99"]
    assert first.ssh("touch /etc/file", check=False).returncode != 0
    assert first.ssh("systemctl list-units --failed --plain --no-legend").stdout == ""
    assert "upgraded" not in first.ssh("ls /data").stdout
