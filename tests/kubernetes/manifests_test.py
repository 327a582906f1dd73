"""What the manifests ask of a cluster: nothing that a pod without privileges does not have."""

import re

import pytest

from lab.manifests import APPLICATIONS, FOLDER, Manifests

CONTROL = ["--control", "/run/pizwg-connect/control"]
PROGRAM = "/usr/bin/pizwg-connect"


@pytest.fixture(scope="session", params=APPLICATIONS)
def manifests(request, identity, tmp_path_factory):
    return Manifests(request.param, identity, tmp_path_factory.mktemp("manifests"))


def test_every_overlay_is_tested():
    assert {path.parent.name for path in FOLDER.glob("*/kustomization.yaml")} == \
        {*APPLICATIONS, "sidecar", "sidecar-tty", "first-pizwg"}


def test_the_sidecar_has_no_privileges(manifests):
    context = manifests.sidecar["securityContext"]
    assert context["runAsNonRoot"] and context["runAsUser"] > 0 and context["runAsGroup"] > 0
    assert context["readOnlyRootFilesystem"]
    assert context["privileged"] is False and context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}


def test_the_pod_has_nothing_of_its_node(manifests):
    pod = manifests.pod
    assert not {"hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "nodeName"} & pod.keys()
    assert {key for volume in pod["volumes"] for key in volume} <= \
        {"name", "secret", "configMap", "emptyDir", "persistentVolumeClaim"}
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}


def test_the_application_gains_no_privileges(manifests):
    context = manifests.application["securityContext"]
    assert context["allowPrivilegeEscalation"] is False and "privileged" not in context
    assert "add" not in context.get("capabilities", {})


def test_only_the_sidecar_has_the_key(manifests):
    secret = next(v["name"] for v in manifests.pod["volumes"] if "secret" in v)
    assert secret not in {m["name"] for m in manifests.application["volumeMounts"]}
    mount = next(m for m in manifests.sidecar["volumeMounts"] if m["name"] == secret)
    assert mount["readOnly"]
    volume = next(v["secret"] for v in manifests.pod["volumes"] if "secret" in v)
    assert volume["defaultMode"] == 0o440  # for fsGroup, which the sidecar is in


def test_a_new_identity_makes_a_new_pod(manifests):
    volume = next(v["secret"] for v in manifests.pod["volumes"] if "secret" in v)
    assert re.fullmatch(r"pizwg-identity-[a-z0-9]{10}", volume["secretName"])
    assert set(manifests.only("Secret")["data"]) == {"ser2net.crt", "pizwg-client.pem"}


def test_the_sidecar_is_there_before_the_application_and_after_it(manifests):
    assert manifests.sidecar["restartPolicy"] == "Always"
    assert manifests.pod["initContainers"] == [manifests.sidecar]


def test_there_are_never_two_pods(manifests):
    spec = manifests.only("Deployment")["spec"]
    assert spec["replicas"] == 1 and spec["strategy"]["type"] == "Recreate"


def test_its_probes_ask_the_program(manifests):
    sidecar = manifests.sidecar
    assert sidecar["args"][-2:] == CONTROL
    for kind in ("startupProbe", "livenessProbe"):
        assert sidecar[kind]["exec"]["command"] == [PROGRAM, "status", "--alive", *CONTROL]
    assert sidecar["readinessProbe"]["exec"]["command"] == [PROGRAM, "status", *CONTROL]
    # It gives up after 3 s by itself, and says why.
    assert all(sidecar[kind]["timeoutSeconds"] > 3 for kind in ("startupProbe", "livenessProbe", "readinessProbe"))


def test_what_it_may_use_is_limited(manifests):
    assert manifests.sidecar["resources"]["limits"]["memory"] == "32Mi"
    run = next(v["emptyDir"] for v in manifests.pod["volumes"] if "emptyDir" in v)
    assert run == {"medium": "Memory", "sizeLimit": "1Mi"}


def test_its_ports_are_the_pods_alone(manifests):
    config = manifests.only("ConfigMap")["data"]["connect.toml"]
    ports = re.findall(r'^(?:tcp|rfc2217) = "(.*):\d+"', config, re.MULTILINE)
    assert ports == ["127.0.0.1"]
    assert "ports" not in manifests.sidecar


def test_an_application_can_be_reached_while_the_stick_is_away(manifests):
    assert manifests.only("Service")["spec"]["publishNotReadyAddresses"] is True


def test_no_identity_is_committed():
    assert "/deploy/kubernetes/*/identity/" in (FOLDER.parents[1] / ".gitignore").read_text().splitlines()
