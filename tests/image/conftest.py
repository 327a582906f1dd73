"""A network of the test's own, and a host that was provisioned by files on its card's boot partition. See lab/appliance.py."""

import os
from pathlib import Path

import pytest

from lab.appliance import CONFIG, Appliance, Bridge, Card
from lab.program import Programs, run

IMAGE = Path(os.environ.get("PIZWG_IMAGE", ""))
ARCH = "arm64" if "arm64" in IMAGE.name or "rpi4" in IMAGE.name else "amd64"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Makes hosts; keeps the user's SSH key."""
    folder = tmp_path_factory.mktemp("image")
    programs = Programs(folder)
    yield Lab(folder, programs)
    programs.end_all()
    for name in ("card.img", "layer.qcow2", "writes", "checked-*"):
        for disk in folder.glob(f"host*/{name}"):
            disk.unlink()


class Lab:
    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.key = folder / "key"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "operator", "-f", self.key)
        Bridge(programs, folder)

    @property
    def public_key(self):
        return self.key.with_suffix(".pub").read_text()

    def host(self, number, files):
        """Boots a new card with these files in its inbox."""
        place = self.folder / f"host{number}"
        place.mkdir()
        card = Card(IMAGE, place)
        for name, content in files.items():
            card.put(name, content)
        return Appliance(self.programs, card, number, self.key, ARCH)


@pytest.fixture(scope="module")
def first(lab):
    host = lab.host(1, {"authorized_keys": lab.public_key, "hostname": "cellar\n", "pizwg.toml": CONFIG})
    host.wait_until_up()
    return host
