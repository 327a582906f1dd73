"""A machine whose USB serial devices a scenario plugs and unplugs: a /sys of its own, which umockdev shows to the program
in the place of the real one. The device nodes are real: they are the scenario's ptys, so a "tty number" is that of a pty."""

import os
import shutil


class FakeUsb:
    def __init__(self, folder):
        self.folder = folder
        for part in ("sys/class/tty", "sys/bus/usb/devices", "sys/dev/char"):
            (folder / part).mkdir(parents=True)
        self._port("sys/devices/pci0/usb1", {"idVendor": "1d6b", "idProduct": "0002", "product": "Root hub"})
        # ASan wants to be loaded first; umockdev's library, which only passes calls on, may be before it.
        options = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
        self.environment = {"UMOCKDEV_DIR": str(folder), "ASAN_OPTIONS": options}
        self.prefix = ["umockdev-wrapper"]

    def plug(self, port, tty, vendor="0658", product="0200", text="Fake stick"):
        """At a port of the bus ("1-1.2"), a device that is the tty at that path."""
        device = self._port(f"sys/devices/pci0/usb1/{port}", {"idVendor": vendor, "idProduct": product, "product": text})
        interface = device / f"{port}:1.0"
        self._node(interface, "usb", "DEVTYPE=usb_interface")
        name, number = os.path.relpath(tty, "/dev"), os.stat(tty).st_rdev
        major, minor = os.major(number), os.minor(number)
        node = interface / "tty" / name.replace("/", "!")
        self._node(node, "tty", f"MAJOR={major}\nMINOR={minor}\nDEVNAME={name}")
        self._link(self.folder / "sys/class/tty" / node.name, node)
        self._link(self.folder / f"sys/dev/char/{major}:{minor}", node)

    def unplug(self, port):
        device = self.folder / f"sys/devices/pci0/usb1/{port}"
        for link in [*(self.folder / "sys/class/tty").iterdir(), *(self.folder / "sys/dev/char").iterdir()]:
            if link.resolve().is_relative_to(device.resolve()):
                link.unlink()
        shutil.rmtree(device)

    def _port(self, path, attributes):
        device = self.folder / path
        self._node(device, "usb", "DEVTYPE=usb_device")
        for name, value in attributes.items():
            (device / name).write_text(value + "\n")
        return device

    def _node(self, node, subsystem, uevent):
        node.mkdir(parents=True)
        (node / "uevent").write_text(uevent + "\n")
        place = self.folder / ("sys/bus/usb" if subsystem == "usb" else "sys/class/tty")
        self._link(node / "subsystem", place)

    @staticmethod
    def _link(link, target):
        link.symlink_to(os.path.relpath(target, link.parent))
