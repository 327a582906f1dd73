"""Conditions are awaited, never slept for."""

import time


def until(condition, timeout=10.0, what=None):
    """Returns condition()'s first true value; fails, saying what was awaited, after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {what or condition}")
        time.sleep(0.01)  # the poll interval, not a guess at how long something takes
