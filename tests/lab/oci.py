"""The container image, made of the program under test as `make oci` makes it, and unpacked by hand: what is in it is what its
layers say, whoever reads them."""

import hashlib
import json
import platform
import tarfile
from pathlib import Path

from lab.program import BIN, run

TOOL = Path(__file__).parents[2] / "tools/oci-image"
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}[platform.machine()]
VERSION = "1.2.3"
SECONDS = 1_700_000_000


def make_layout(folder, program=BIN / "pizwg-connect-static"):
    run(TOOL, folder, VERSION, "a-revision", SECONDS, f"{ARCHITECTURE}={program}")
    return folder


class Image:
    """One architecture's image of a layout."""

    def __init__(self, layout, architecture=ARCHITECTURE):
        self._layout = layout
        self.index = json.loads((layout / "index.json").read_text())
        both = self._read(self.index["manifests"][0])
        self.manifest = self._read(next(m for m in both["manifests"]
                                        if m["platform"] == {"architecture": architecture, "os": "linux"}))
        self.config = self._read(self.manifest["config"])

    @property
    def entrypoint(self):
        return self.config["config"]["Entrypoint"]

    def members(self):
        """Of its layers: name, and what tar says of it."""
        return {m.name.lstrip("./"): m for layer in self.manifest["layers"] for m in self._open(layer)}

    def unpack(self, root):
        for layer in self.manifest["layers"]:
            with self._open(layer) as archive:
                archive.extractall(root)
        self.root = root
        return self

    def _open(self, layer):
        return tarfile.open(self._blob(layer), "r:gz")

    def _blob(self, entry):
        path = self._layout / "blobs" / entry["digest"].replace(":", "/")
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["digest"].removeprefix("sha256:")
        assert path.stat().st_size == entry["size"]
        return path

    def _read(self, entry):
        return json.loads(self._blob(entry).read_text())
