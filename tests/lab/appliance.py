"""Images as they were built, booted by QEMU: the disk is the image's, with what is written going to a file of the test's own.

Each is on the test's bridge, in the test's network namespace, and has an address of its own by DHCP. Its gateway is QEMU's
serial adapter behind QEMU's hub, whose ports uhubctl really switches; at the adapter's other end is a simulated stick.
"""

import os
import random
import re
from pathlib import Path
from shutil import copyfile

from lab.partitions import partitions
from lab.power_loss import settle
from lab.program import run
from lab.serial_api import SerialApi
from lab.waiting import until

NETWORK = "10.77.0"
VIP = f"{NETWORK}.254"
FIRMWARE = {"amd64": "/usr/share/OVMF/OVMF_{}_4M.fd", "arm64": "/usr/share/AAVMF/AAVMF_{}.fd"}
ENTRY = "loader/entries/pizwg.conf"
BOOT_PARTITION = 4 * 1024 * 1024  # where it begins on the disk
# QEMU without a processor's help is some twenty times slower than the machine; so are all waits in the guest.
PATIENT = "systemd.default_device_timeout_sec=400 systemd.default_timeout_start_sec=400"
# Such a guest's kernel takes longer to find a stick than a stick that is broken may take.
CONFIG = 'role = "cluster"\ngateway_limit_seconds = 60\nafter_session = "keep"\n'
SSH = ("-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
       "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=10", "-o", "LogLevel=ERROR")


class Bridge:
    """The hosts' network: 10.77.0.0/24 with a DHCP server, and this side at .1."""

    def __init__(self, programs, folder):
        run("ip", "link", "add", "br0", "type", "bridge")
        run("ip", "address", "add", f"{NETWORK}.1/24", "dev", "br0")
        run("ip", "-6", "address", "add", "fd77::1/64", "dev", "br0", "nodad")
        run("ip", "link", "set", "br0", "up")
        programs.start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0", "--interface=br0",
                       "--bind-interfaces", "--leasefile-ro", "--user=root", "--log-facility=-",
                       f"--pid-file={folder / 'dhcp.pid'}", f"--dhcp-range={NETWORK}.10,{NETWORK}.99,1h",
                       *(f"--dhcp-host={mac(number)},{address(number)}" for number in (1, 2)), name="dhcp")

    @staticmethod
    def tap(number):
        name = f"host{number}"
        run("ip", "tuntap", "add", name, "mode", "tap")
        run("ip", "link", "set", name, "master", "br0", "up")
        return name


def mac(number):
    return f"52:54:00:77:00:{number + 10:02x}"


def address(number):
    return f"{NETWORK}.{number + 10}"


def mtools(program, disk, *arguments):
    return run(program, "-i", f"{disk}@@{BOOT_PARTITION}", *arguments)


class Card:
    """A copy of the image's disk, as a user has it after flashing."""

    def __init__(self, image, folder):
        self.disk = Path(folder) / "card.img"
        run("cp", "--sparse=always", "--reflink=auto", image, self.disk, timeout=300)

    def put(self, name, content):
        """What `pizwg provision` does: a file in the boot partition's folder pizwg."""
        file = self.disk.parent / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        mtools("mcopy", self.disk, "-o", file, f"::/pizwg/{name}")
        file.unlink()

    def tell_kernel(self, options):
        """More words for it, by way of the boot loader."""
        entry = self.take(ENTRY, self.disk.parent / "entry")
        text = re.sub("^options .*", rf"\g<0> {options}", entry.read_text(), flags=re.MULTILINE)
        entry.write_text(text)
        mtools("mcopy", self.disk, "-o", entry, f"::/{ENTRY}")

    def take(self, path, to):
        mtools("mcopy", self.disk, "-o", "-n", f"::/{path}", to)
        return to

    def ruin(self, partition):
        """Nothing but zeros is left of it."""
        offset, size = partitions(self.disk)[partition]
        with open(self.disk, "r+b") as file:
            file.seek(offset)
            for _ in range(size >> 20):
                file.write(bytes(1 << 20))

    def names(self, folder="pizwg"):
        return mtools("mdir", self.disk, "-b", f"::/{folder}").stdout


class Appliance:
    """A host with its card. While it has power, what it writes to the card goes to a layer above it and to a log."""

    def __init__(self, programs, card, number, key, arch="amd64"):
        self.number, self.address, self.card = number, address(number), card
        self._programs, self._key, self._arch = programs, key, arch
        self._folder = card.disk.parent
        self._layer, self._writes = self._folder / "layer.qcow2", self._folder / "writes"
        self._starts, self._tap = 0, Bridge.tap(number)
        self.start()

    def start(self):
        """Power."""
        self._starts += 1
        name = f"{self.number}-{self._starts}"
        self.stick = self._programs.start("pizwg-sim", "gateway", "--link", self._folder / f"stick{self.number}",
                                          name=f"stick-{name}")
        until(lambda: os.path.lexists(self._folder / f"stick{self.number}"))
        run("qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", self.card.disk, self._layer)
        self._writes.write_bytes(b"")
        self.machine = self._programs.start(*self._command(), name=f"machine-{name}")

    def cut_power(self, chance=None):
        """What the card had not been told to flush is on it or not, sector by sector. Returns how many are not."""
        for program in (self.machine, self.stick):
            program.process.kill()
            program.process.wait()
        return settle(self.card.disk, self._writes, chance or random.Random())

    def wait_until_up(self, timeout=600):
        """Until SSH lets the user in and systemd has started all."""
        until(lambda: self._alive() and self.ssh("true", check=False).returncode == 0, timeout, f"SSH to {self.address}")
        until(lambda: self.ssh("systemctl is-system-running --wait", check=False).stdout.strip() in ("running", "degraded"),
              timeout, "the end of the boot")

    def wait_until_ready(self, timeout=600):
        until(lambda: self.status() == "ready", timeout, f"{self.address}'s being ready")

    def status(self):
        """As pizwgd has it; empty while the host does not answer."""
        return self.ssh("systemctl show --value --property StatusText pizwgd", check=False).stdout.strip()

    def boot_id(self):
        """Another one after each start of the kernel; empty while the host does not answer."""
        return self.ssh("cat /proc/sys/kernel/random/boot_id", check=False).stdout.strip()

    def ssh(self, command, check=True, timeout=240, **options):
        return run("ssh", *SSH, "-i", self._key, f"root@{self.address}", command, check=check, timeout=timeout, **options)

    def copy_to(self, file, place):
        run("scp", "-q", *SSH, "-i", self._key, file, f"root@{self.address}:{place}", timeout=600)

    def copy_from(self, path, file):
        run("scp", "-q", *SSH, "-i", self._key, f"root@{self.address}:{path}", file, timeout=600)

    def console(self):
        return (self._folder / f"console{self.number}").read_text(errors="replace")

    def _alive(self):
        assert self.machine.process.poll() is None, self.machine.log() + self.console()[-3000:]
        return True

    def _command(self):
        return [*(["qemu-system-x86_64", "-machine", "q35", "-cpu", "max"] if self._arch == "amd64"
                  else ["qemu-system-aarch64", "-machine", "virt", "-cpu", "cortex-a72"]),
                "-accel", "tcg,thread=multi", "-smp", "1", "-m", "768", "-nodefaults", "-display", "none",
                "-device", "i6300esb", "-watchdog-action", "reset", *self._boot(),
                "-blockdev", f"driver=blklogwrites,node-name=card,file.driver=qcow2,file.file.driver=file,"
                             f"file.file.filename={self._layer},log.driver=file,log.filename={self._writes}",
                "-device", "virtio-blk-pci,drive=card,discard=off,write-zeroes=off",
                "-netdev", f"tap,id=net,ifname={self._tap},script=no,downscript=no",
                "-device", f"virtio-net-pci,netdev=net,mac={mac(self.number)},romfile=",
                "-device", "virtio-rng-pci",
                "-serial", f"file:{self._folder}/console{self.number}",
                "-chardev", f"serial,id=stick,path={os.path.realpath(self._folder / f'stick{self.number}')}",
                "-device", "qemu-xhci,id=usb", "-device", "usb-hub,id=hub,bus=usb.0,port=1,port-power=on",
                "-device", "usb-serial,bus=usb.0,port=1.1,chardev=stick,always-plugged=on"]

    def _boot(self):
        """By its own boot loader, as a machine with UEFI does. A Raspberry Pi's is not to be had: its kernel, as it is on the boot
        partition, with what the boot loader would tell it."""
        if "loader" in self.card.names(""):
            return self._boot_by_firmware()
        names = self.card.names("")
        options = re.sub(r"console=\S+", "", self.card.take("cmdline.txt", self._folder / "cmdline").read_text().strip())
        kernel, initrd = (self.card.take(re.search(rf"::/({name}\S+)", names)[1], self._folder / name)
                          for name in ("vmlinuz", "initrd"))
        return ["-kernel", kernel, "-initrd", initrd, "-append", f"{options} console=ttyAMA0 {PATIENT}"]

    def _boot_by_firmware(self):
        variables = self._folder / "variables"
        if not variables.exists():
            self.card.tell_kernel(PATIENT)
            copyfile(FIRMWARE[self._arch].format("VARS"), variables)
        return ["-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE[self._arch].format('CODE')}",
                "-drive", f"if=pflash,format=raw,file={variables}"]


def copy_client_files(place, host):
    """Into `place`, which is returned: the two that `pizwg setup` names, at the paths of the README's socat command."""
    for path in ("etc/ser2net/ser2net.crt", "root/pizwg-client.pem"):
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        if not (place / path).exists():
            (place / path).touch(mode=0o600)
            (place / path).write_text(host.ssh(f"cat /{path}").stdout)
    return place


def ask_through_readme_client(lab, host, times=1):
    """The README's socat, with the two files that pizwg setup names on `host`; at its tty an application that asks the stick.

    Again, as people do, when the session ends under way: on a busy machine a guest stands still for so long that its
    keepalived is taken for frozen, and started anew.
    """
    place = copy_client_files(lab.folder / "client", host)
    return until(lambda: _ask(lab, place, times), 600, "answers from the stick")


def _ask(lab, place, times):
    """One session, from its beginning to its end. The client ends when nobody serves."""
    link = place / "ttyUSB254"
    client = lab.programs.start(
        "socat", "-d", "-d", "-s", "-T30", f"pty,link={link},raw,user=root,group=root,mode=777",
        f"openssl-connect:{VIP}:3333,cafile=etc/ser2net/ser2net.crt,commonname=pizwg-server,cert=root/pizwg-client.pem",
        name="socat", cwd=place)
    try:
        client.wait_for("starting data transfer loop", timeout=60)
        with SerialApi(link, timeout=30) as api:
            return [api.home_id() for _ in range(times)]
    except (AssertionError, OSError):  # nobody serves; or the line ended, or said nothing
        return None
    finally:
        client.end()
