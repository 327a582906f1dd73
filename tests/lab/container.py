"""A container of a pod, run as its manifest says: as its user, without a capability, on its image's read-only root, with its
volumes as a kubelet lays them out. bubblewrap makes it, in a user namespace and without privileges, in the place of a
container runtime. The pod's network is that of the scenario."""

import base64
import os
import subprocess

from lab.waiting import until

# A kubelet swaps one link for all files at once: FILE -> ..data/FILE, ..data -> ..2026_11_25.
GENERATION = "..2026_11_25"


class Container:
    """`root` is the image's unpacked root, and `folder` one that other users can pass through."""

    def __init__(self, programs, manifests, spec, image, folder, name="container"):
        self.spec = spec
        self._user = spec["securityContext"]["runAsUser"]
        self._group = spec["securityContext"]["runAsGroup"]
        self._fs_group = manifests.pod["securityContext"]["fsGroup"]
        # The runtime makes these in the root that it shows.
        for path in ("/proc", "/dev", *(mount["mountPath"] for mount in spec["volumeMounts"])):
            (image.root / path.lstrip("/")).mkdir(parents=True, exist_ok=True)
        volumes = {v["name"]: v for v in manifests.pod["volumes"]}
        mounts = [word for mount in spec["volumeMounts"]
                  for word in self._mount(manifests, volumes[mount["name"]], mount, folder)]
        self.program = programs.start(*self._unprivileged(), "bwrap", "--unshare-user", "--uid", self._user,
                                      "--gid", self._group, "--unshare-pid", "--as-pid-1", "--unshare-ipc",
                                      "--die-with-parent", "--cap-drop", "ALL", "--ro-bind", image.root, "/", *mounts,
                                      "--proc", "/proc", "--dev", "/dev", "--clearenv", "--chdir", "/",
                                      *spec.get("command", image.entrypoint), *spec["args"], name=name)

    def probe(self, kind):
        """The exit status of a probe of the manifest's, asked as a kubelet asks it; None when it takes too long."""
        probe = self.spec[kind]
        try:
            return subprocess.run(self._inside(*probe["exec"]["command"]), timeout=probe["timeoutSeconds"],
                                  capture_output=True, check=False).returncode
        except subprocess.TimeoutExpired:
            return None

    @property
    def pid(self):
        """Of the container's first process, as we see it."""
        return until(self._child, what="the container's process")

    def status(self, key):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as status:
            return next(line for line in status if line.startswith(key + ":")).split(maxsplit=1)[1].strip()

    def _child(self):
        with open(f"/proc/{self.program.pid}/task/{self.program.pid}/children", encoding="ascii") as children:
            found = children.read().split()
        return int(found[0]) if found else None

    def _inside(self, *command):
        return ["nsenter", f"--target={self.pid}", "--user", "--mount", "--pid", f"--setuid={self._user}",
                f"--setgid={self._group}", "--", *command]

    def _unprivileged(self):
        return ["setpriv", f"--reuid={self._user}", f"--regid={self._group}", f"--groups={self._fs_group}",
                "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]

    def _mount(self, manifests, volume, mount, folder):
        place = folder / volume["name"]
        place.mkdir()
        if "emptyDir" in volume:
            os.chown(place, 0, self._fs_group)
            place.chmod(0o2777)
            return ["--bind", place, mount["mountPath"]]
        self._lay_out(place, *self._files(manifests, volume))
        return ["--ro-bind", place, mount["mountPath"]]

    @staticmethod
    def _files(manifests, volume):
        """What a Secret or a ConfigMap has in it, and with which mode."""
        if "secret" in volume:
            held = manifests.only("Secret", volume["secret"]["secretName"])["data"]
            return {name: base64.b64decode(text) for name, text in held.items()}, volume["secret"]["defaultMode"]
        held = manifests.only("ConfigMap", volume["configMap"]["name"])["data"]
        return {name: text.encode() for name, text in held.items()}, volume["configMap"]["defaultMode"]

    def _lay_out(self, place, files, mode):
        (place / GENERATION).mkdir()
        (place / "..data").symlink_to(GENERATION)
        for name, content in files.items():
            file = place / GENERATION / name
            file.write_bytes(content)
            os.chown(file, 0, self._fs_group)
            file.chmod(mode)
            (place / name).symlink_to(f"..data/{name}")
