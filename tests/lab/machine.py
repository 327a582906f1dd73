"""A host of the laboratory: a computer with mains, firmware, a network cable and a USB hub, and the operating system on
it (lab/system.py)."""

import threading

from lab.host.init import REBOOT
from lab.system import System


class Machine(System):
    """Switched off at first."""

    def __init__(self, lab, name, number, hub, settings):
        super().__init__(lab, name, hub, settings)
        self.number = number
        self.cable = None
        self._switched_off = threading.Event()
        self._switched_off.set()
        self._firmware = None

    # --- mains and firmware

    def power_on(self, up_for=0):
        """Starts it, firmware first: the hub has power at once, the operating system comes after the boot time. It
        thinks that it has been up for `up_for` seconds then."""
        self._switched_off.clear()
        self._firmware = threading.Thread(target=self._boot_over_and_over, args=(up_for,), daemon=True)
        self._firmware.start()

    def lose_power(self):
        """Everything is gone at once; nobody says goodbye."""
        if self._switched_off.is_set():
            return
        self._switched_off.set()
        if self.cable:
            self.cable.pull()
        self.hub.tell("supply off")
        if self._system:
            self._system.process.kill()
        self._firmware.join()

    def is_up(self):
        return not self._switched_off.is_set() and super().is_up()

    def _boot_over_and_over(self, up_for):
        """Power for the USB ports, and after a while an operating system; again when that asks for a reboot."""
        while not self._switched_off.is_set():
            self.hub.tell("supply on")
            if self._switched_off.wait(self._lab.boot_seconds):
                return
            self._create(up_for)
            up_for = 0
            self.cable = self._lab.switch.connect(self.name, self.number, self._system.pid)
            self._system.tell("boot")
            if self._system.process.wait() != REBOOT:
                return
            self.hub.tell("supply off")

    # --- the network

    def change_address(self, number):
        """What a DHCP client does when it is given another one."""
        network = self._lab.network
        self.run_inside("ip", "address", "add", f"{network}.{number}/24", "broadcast", "+", "dev", "eth0")
        self.run_inside("ip", "address", "del", f"{network}.{self.number}/24", "dev", "eth0")
        self.run_inside("ip", "route", "replace", "default", "via", f"{network}.1")
        self.number = number
