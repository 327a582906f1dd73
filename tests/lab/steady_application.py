"""An application that opens its serial port once and never again: it asks the gateway for its version, one question at a time,
PACE seconds after the last answer; a question without an answer is asked again, as by a driver.

Run as a program: steady_application.py TTY PACE. On its standard output, one a line, with the monotonic clock's
nanoseconds: "<ns> opened", "<ns> answered", and, at its end, "<ns> port-lost <why>".
"""

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from lab.serial_api import SerialApi  # noqa: E402

GET_VERSION = 0x15
PATIENCE = 0.2


def say(what):
    os.write(1, f"{time.monotonic_ns()} {what}\n".encode())


def keep_asking(tty, pace):
    port = os.open(tty, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    say("opened")
    while True:
        try:
            SerialApi(port, timeout=PATIENCE).request(GET_VERSION)
            say("answered")
            time.sleep(pace)
        except (TimeoutError, AssertionError):  # nothing, or the rest of something older
            continue
        except OSError as trouble:
            say(f"port-lost {trouble!r}")
            return


if __name__ == "__main__":
    keep_asking(sys.argv[1], float(sys.argv[2]))
