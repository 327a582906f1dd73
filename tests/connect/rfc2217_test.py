"""pyserial's own RFC 2217 client, which openHAB and Home Assistant use, too."""

import pytest

from lab.connect import frame

serial = pytest.importorskip("serial", reason="python3-serial is not installed")

COMMAND = frame(0x13, bytes([2, 0xFF, 0xFF, 0xF0]))


@pytest.fixture
def port(daemon, connect):
    connect = connect("--rfc2217", "127.0.0.1:4000", tty=False)
    connect.wait_until_connected()
    return "rfc2217://127.0.0.1:4000"


def test_pyserial_reads_and_writes(gateway, port):
    with serial.serial_for_url(port, baudrate=115200, timeout=10) as application:
        application.write(COMMAND)
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND
        gateway.say(COMMAND * 50)
        assert application.read(50 * len(COMMAND)) == COMMAND * 50


def test_control_lines_breaks_and_purges_do_no_harm(gateway, port):
    with serial.serial_for_url(port, baudrate=115200, timeout=10) as application:
        application.dtr = False
        application.rts = False
        application.break_condition = True
        application.break_condition = False
        application.reset_input_buffer()
        application.reset_output_buffer()
        assert application.cts and application.dsr and application.cd
        application.write(COMMAND)
        assert gateway.hear_exactly(len(COMMAND)) == COMMAND


def test_a_speed_that_is_not_the_gateways_is_refused(port):
    with pytest.raises((serial.SerialException, ValueError)):
        serial.serial_for_url(port, baudrate=9600, timeout=10)


def test_the_next_client_is_welcome(gateway, port):
    for _ in range(3):
        with serial.serial_for_url(port, baudrate=115200, timeout=10) as application:
            application.write(COMMAND)
            assert gateway.hear_exactly(len(COMMAND)) == COMMAND
