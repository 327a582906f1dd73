"""An application that has the port open and reads nothing, for a while."""

import os
import time

import pytest

from lab.chain import Daemon
from lab.connect import frame
from lab.waiting import until

# Numbered, so that a lost or a repeated one is noticed.
FRAMES = [frame(0x04, number.to_bytes(4, "big") + bytes(200)) for number in range(3000)]


def fill(gateway, frames):
    """Says frames until nothing is taken for a while; how many bytes were."""
    data = b"".join(frames)
    said = 0
    last = time.monotonic()
    while time.monotonic() < last + 0.5:
        count = gateway.say_some(data[said:said + 2048])
        said += count
        if count:
            last = time.monotonic()
        assert said < len(data), "nothing holds the gateway back"
    return said


def drain(application):
    """All that comes until there is a pause."""
    got = b""
    while piece := application.read(0.5):
        got += piece
    return got


@pytest.fixture
def frozen(daemon, gateway, connect):
    connect = connect()
    connect.wait_until_connected()
    application = connect.open()
    until(lambda: connect.status()["application"], what="the application to be seen")
    connect.application = application
    return connect


def test_nothing_is_lost_and_little_is_on_the_way(frozen, gateway):
    said = fill(gateway, FRAMES)
    assert said < 256 * 1024
    got = b""

    def all_there():
        nonlocal got
        got += frozen.application.read(0.1)
        return len(got) >= said // len(FRAMES[0]) * len(FRAMES[0])

    until(all_there, 20, "everything that was said")
    assert got == b"".join(FRAMES)[:len(got)]


def test_it_loses_what_comes_and_the_session_lives(frozen, gateway):
    said = fill(gateway, FRAMES)
    frozen.wait_for("the application reads nothing", timeout=20)
    until(lambda: frozen.status()["bytes_unread"] > 0, what="bytes that are dropped")
    got = drain(frozen.application)
    assert len(got) % len(FRAMES[0]) == 0, "whole frames only"
    assert got == b"".join(FRAMES)[:len(got)]
    rest, last = b"".join(FRAMES)[said:said + -said % len(FRAMES[0])], frame(0x49, b"at last")
    gateway.say(rest + last)
    heard = b""

    def all_heard():
        nonlocal heard
        heard += frozen.application.read(0.1)
        return heard.endswith(last)

    until(all_heard, what="what came after that")
    assert frozen.status()["sessions"] == 1


def test_a_gap_meanwhile_leaves_whole_frames_only(programs, frozen, daemon, gateway):
    fill(gateway, FRAMES)
    mark = frozen.mark()
    daemon.program.end()
    frozen.wait_for("disconnected", timeout=20, after=mark)
    got = drain(frozen.application)
    assert len(got) % len(FRAMES[0]) == 0
    assert got == b"".join(FRAMES)[:len(got)]
    while gateway.hear(0):
        pass
    Daemon(programs, daemon.identity, gateway.link, name="again")
    frozen.wait_until_connected(after=mark)
    last = frame(0x49, b"after the gap")
    gateway.say(last)
    assert frozen.application.read_exactly(len(last)).endswith(last)


def test_its_commands_are_held_back_while_the_gateway_takes_none(frozen, gateway):
    """The other direction: what the gateway does not take waits, and the application is slowed down."""
    sent = 0
    data = b"".join(FRAMES)
    last = time.monotonic()
    while time.monotonic() < last + 0.5:
        try:
            count = os.write(frozen.application.fd, data[sent:sent + 2048])
        except BlockingIOError:
            continue
        sent += count
        last = time.monotonic()
        assert sent < len(data), "nothing holds the application back"
    whole = sent // len(FRAMES[0]) * len(FRAMES[0])
    assert gateway.hear_exactly(whole, timeout=20)[:whole] == data[:whole]
