#include "adapters/serial_port.h"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include "adapters/pseudo_tty.h"
#include "base/unique_fd.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A port on one end of a pty pair; the test is the gateway at the other end.
class SerialPortTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pizwg_serial_port_test.XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    auto made = PseudoTty::create(folder / "tty");
    ASSERT_TRUE(made) << made.error().what;
    gateway.emplace(std::move(*made));
  }
  void TearDown() override {
    gateway.reset();
    fs::remove_all(folder);
  }

  std::unique_ptr<SerialPort> open() {
    auto port = SerialPort::open(io, (folder / "tty").native(), 115200);
    EXPECT_TRUE(port) << port.error().what;
    return port ? std::move(*port) : nullptr;
  }
  void say(std::string_view text) {
    ASSERT_EQ(::write(gateway->master(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string hear() {
    std::array<char, 256> buffer;
    const ssize_t got = ::read(gateway->master(), buffer.data(), buffer.size());
    return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
  }
  static std::string text_of(SerialPort& port, IoOutcome& outcome) {
    std::array<std::uint8_t, 256> buffer;
    outcome = port.read(buffer);
    return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(outcome.bytes)};
  }
  static Bytes bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }
  // Runs the event loop until `done`, or for ten seconds.
  bool run_until(const bool& done) {
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!done && io.run_one_until(deadline) > 0) {
    }
    return done;
  }
  std::string why_not(const fs::path& path) {
    const auto port = SerialPort::open(io, path.native(), 115200);
    return port ? "" : port.error().what;
  }

  asio::io_context io;
  fs::path folder;
  std::optional<PseudoTty> gateway;
};

// What a gateway that hangs has not taken a pty does not tell, and closing one waits for nobody.
TEST_F(SerialPortTest, ItsLastWordsAreHeardAfterItIsClosed) {
  auto port = open();
  ASSERT_EQ(port->write(bytes("\x06")).status, IoStatus::done);
  port.reset();
  EXPECT_EQ(hear(), "\x06");
}

TEST_F(SerialPortTest, MovesBytesBothWaysAsTheyAre) {
  const auto port = open();
  say(std::string_view("\x00\x01\r\n\x03\x11\x13\xff", 8));
  bool readable = false;
  port->when_readable([&] { readable = true; });
  ASSERT_TRUE(run_until(readable));
  IoOutcome outcome;
  EXPECT_EQ(text_of(*port, outcome), std::string_view("\x00\x01\r\n\x03\x11\x13\xff", 8));
  EXPECT_EQ(port->write(bytes("\x01\x7f\r")).bytes, 3u);
  EXPECT_EQ(hear(), "\x01\x7f\r");
}

TEST_F(SerialPortTest, NothingToReadIsNotAHangUp) {
  const auto port = open();
  IoOutcome outcome;
  text_of(*port, outcome);
  EXPECT_EQ(outcome.status, IoStatus::want_read);
}

TEST_F(SerialPortTest, AHangUpIsToldAndReadsAsClosed) {
  const auto port = open();
  bool hung_up = false;
  port->when_hung_up([&] { hung_up = true; });
  gateway.reset();
  ASSERT_TRUE(run_until(hung_up));
  IoOutcome outcome;
  text_of(*port, outcome);
  EXPECT_EQ(outcome.status, IoStatus::closed);
  EXPECT_EQ(port->write(bytes("x")).status, IoStatus::closed);
}

TEST_F(SerialPortTest, AFullLineAsksToBeTriedAgainAndSaysWhenThereIsRoom) {
  const auto port = open();
  const std::string much(4096, 'x');
  IoOutcome outcome;
  for (int i = 0; i < 1000 && outcome.status == IoStatus::done; ++i) outcome = port->write(bytes(much));
  ASSERT_EQ(outcome.status, IoStatus::want_write);
  bool writable = false;
  port->when_writable([&] { writable = true; });
  while (!hear().empty()) {
  }
  ASSERT_TRUE(run_until(writable));
  EXPECT_EQ(port->write(bytes("x")).status, IoStatus::done);
}

TEST_F(SerialPortTest, WhatWasSaidBeforeItWasOpenedIsForgotten) {
  say("before");
  const auto port = open();
  IoOutcome outcome;
  EXPECT_EQ(text_of(*port, outcome), "");
  say("after");
  bool readable = false;
  port->when_readable([&] { readable = true; });
  ASSERT_TRUE(run_until(readable));
  EXPECT_EQ(text_of(*port, outcome), "after");
}

TEST_F(SerialPortTest, DiscardForgetsWhatWasSaidSinceThen) {
  const auto port = open();
  say("unread");
  port->discard();
  IoOutcome outcome;
  EXPECT_EQ(text_of(*port, outcome), "");
  EXPECT_EQ(outcome.status, IoStatus::want_read);
}

TEST_F(SerialPortTest, CancelEndsEveryWaitThatWasMadeBeforeEvenIfItHasComeTrue) {
  const auto port = open();
  bool called = false;
  port->when_readable([&] { called = true; });
  port->when_writable([&] { called = true; });
  port->when_hung_up([&] { called = true; });
  say("x");
  io.run_one_for(10s);  // the reactor queues what has come true; the first of it may have run
  called = false;
  port->cancel();
  io.poll();
  EXPECT_FALSE(called);
}

TEST_F(SerialPortTest, DestroyingItEndsItsWaits) {
  auto port = open();
  bool called = false;
  port->when_readable([&] { called = true; });
  say("x");
  port.reset();
  io.run_for(10s);  // returns at once: nothing is waited for
  EXPECT_FALSE(called);
}

TEST_F(SerialPortTest, TheLineIsRawAndHangingUpWouldLeaveDtrAlone) {
  const auto port = open();
  const UniqueFd observer(::open(gateway->slave_path().c_str(), O_RDWR | O_NOCTTY));
  termios line{};
  ASSERT_EQ(::tcgetattr(observer.get(), &line), 0);
  EXPECT_EQ(line.c_lflag & (ICANON | ECHO | ISIG | IEXTEN), 0u);
  EXPECT_EQ(line.c_iflag & (IXON | IXOFF | ICRNL | ISTRIP), 0u);
  EXPECT_EQ(line.c_oflag & OPOST, 0u);
  EXPECT_EQ(line.c_cflag & (HUPCL | CSTOPB | PARENB | CSIZE), static_cast<tcflag_t>(CS8));
  EXPECT_EQ(::cfgetospeed(&line), static_cast<speed_t>(B115200));
  EXPECT_EQ(::cfgetispeed(&line), static_cast<speed_t>(B115200));
}

TEST_F(SerialPortTest, IsOursAlone) {
  const auto port = open();
  EXPECT_NE(why_not(folder / "tty").find("Device or resource busy"), std::string::npos);
  const UniqueFd other(::open(gateway->slave_path().c_str(), O_RDWR | O_NOCTTY));
  if (other) {  // as root: TIOCEXCL does not bind it, the lock does
    EXPECT_NE(::flock(other.get(), LOCK_EX | LOCK_NB), 0);
  }
}

TEST_F(SerialPortTest, WhatIsNotASerialDeviceIsRefusedAndLeftAlone) {
  std::ofstream(folder / "file") << "precious";
  EXPECT_NE(why_not(folder / "file").find("not a serial device"), std::string::npos);
  std::ifstream file(folder / "file");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "precious");
  EXPECT_NE(why_not("/dev/null").find("not a serial device"), std::string::npos);
  EXPECT_NE(why_not(folder).find("Is a directory"), std::string::npos);
  EXPECT_NE(why_not(folder / "absent").find("No such file"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder / "absent"));
}

TEST_F(SerialPortTest, ADriverThatCountsNoLineErrorsSaysNothing) {
  EXPECT_EQ(open()->new_line_errors(), std::nullopt);
}

TEST_F(SerialPortTest, ASpeedThatThereIsNotIsRefused) {
  const auto port = SerialPort::open(io, (folder / "tty").native(), 12345);
  ASSERT_FALSE(port);
  EXPECT_NE(port.error().what.find("12345"), std::string::npos) << port.error().what;
}

}  // namespace
}  // namespace pizwg
