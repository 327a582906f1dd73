"""A session that does Serial API exchanges all the time, while something else goes on."""

import threading

from lab.serial_api import SerialApi
from lab.waiting import until


class Exchanges(threading.Thread):
    """Asks the gateway for its home id, over and over, until stop(), which fails when one exchange has failed."""

    def __init__(self, connection):
        super().__init__()
        self._api = SerialApi(connection)
        self._ending = threading.Event()
        self.done = 0
        self.failure = None

    def run(self):
        try:
            home = self._api.home_id()
            while not self._ending.is_set():
                assert self._api.home_id() == home
                self.done += 1
        except Exception as failure:  # noqa: BLE001 told by stop()
            self.failure = failure

    def wait_for_more(self, count=20):
        target = self.done + count
        until(lambda: self.done >= target or self.failure, what="exchanges that go on")
        assert self.failure is None, self.failure

    def stop(self):
        self._ending.set()
        self.join()
        self._api.close()
        assert self.failure is None, self.failure
