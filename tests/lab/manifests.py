"""What a cluster would be given: an overlay of deploy/kubernetes, built by kubectl, with an identity of ours in its place."""

import os
import shutil
from pathlib import Path

import pytest
import yaml

from lab.identity import CLIENT
from lab.program import run

FOLDER = Path(__file__).parents[2] / "deploy/kubernetes"
APPLICATIONS = ("zwave-js-ui", "zigbee2mqtt", "home-assistant", "openhab")
KUBECTL = os.environ.get("PIZWG_KUBECTL", "kubectl")


def replace(file, edits):
    for old, new in edits.items():
        assert old in file.read_text(), f"{file} has no {old!r}"
        file.write_text(file.read_text().replace(old, new))


class Manifests:
    """The objects of one overlay. `folder` is where a copy may be made; `edits` are what a user changes in connect.toml,
    `components` what he takes in instead."""

    def __init__(self, overlay, identity, folder, edits=None, components=None):
        if not shutil.which(KUBECTL):
            pytest.skip("no kubectl that is new enough: tools/kubectl could not get one")
        copy = folder / "kubernetes"
        shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("identity"), dirs_exist_ok=True)
        (copy / overlay / "identity").mkdir()
        shutil.copy(identity.server_certificate, copy / overlay / "identity/ser2net.crt")
        shutil.copy(identity.pem(CLIENT), copy / overlay / "identity/pizwg-client.pem")
        replace(copy / overlay / "connect.toml", edits or {})
        if components:
            replace(copy / overlay / "kustomization.yaml", {"[../sidecar]": f"[{', '.join(components)}]"})
        built = run(KUBECTL, "kustomize", copy / overlay)
        assert not built.stderr, built.stderr  # it would be said to every user
        self.objects = [o for o in yaml.safe_load_all(built.stdout) if o]

    def only(self, kind, name=None):
        found = [o for o in self.objects if o["kind"] == kind and name in (None, o["metadata"]["name"])]
        assert len(found) == 1, f"{len(found)} objects of kind {kind}"
        return found[0]

    @property
    def pod(self):
        return self.only("Deployment")["spec"]["template"]["spec"]

    @property
    def sidecar(self):
        return next(c for c in self.pod["initContainers"] if c["name"] == "pizwg-connect")

    @property
    def application(self):
        return self.pod["containers"][0]
