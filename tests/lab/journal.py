"""What the journal of a booted machine says."""

from lab.waiting import until


class Since:
    """A unit's journal from now on."""

    def __init__(self, machine, unit="pizwgd"):
        self._machine, self._unit = machine, unit
        self._before = len(machine.journal(unit))

    def text(self):
        return self._machine.journal(self._unit)[self._before:]

    def wait_for(self, *parts, timeout=20):
        """Waits until it has these parts, one after the other."""
        until(lambda: self._has(parts), timeout, f"{parts} in this order in\n{self.text()}")

    def _has(self, parts):
        text, at = self.text(), 0
        for part in parts:
            at = text.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return True
