"""A gateway that says something all the time."""

import threading


class Talk(threading.Thread):
    """While the block lasts: `size` bytes after every `pause` seconds, as far as they are taken."""

    def __init__(self, gateway, pause, size):
        super().__init__()
        self.gateway, self.pause, self.size = gateway, pause, size
        self._ending = threading.Event()

    def run(self):
        while not self._ending.wait(self.pause):
            self.gateway.say_some(bytes(self.size))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._ending.set()
        self.join()
