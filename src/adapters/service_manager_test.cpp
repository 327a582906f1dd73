#include "adapters/service_manager.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class ServiceManagerTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "pizwg_service_manager_test.XXXXXX").native();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    socket.reset(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = (folder / "notify").native();
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  void TearDown() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    fs::remove_all(folder);
  }
  std::string told() {
    std::array<char, 512> buffer;
    const ssize_t got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : "nothing";
  }

  fs::path folder;
  UniqueFd socket;
};

TEST_F(ServiceManagerTest, SpeaksTheProtocolOfSdNotify) {
  service_manager::ready();
  EXPECT_EQ(told(), "READY=1");
  service_manager::status("serving nobody");
  EXPECT_EQ(told(), "STATUS=serving nobody");
  service_manager::alive();
  EXPECT_EQ(told(), "WATCHDOG=1");
  service_manager::stopping();
  EXPECT_EQ(told(), "STOPPING=1");
}

TEST_F(ServiceManagerTest, AStatusCannotForgeAnotherMessage) {
  // A device can call itself anything, and its name is part of the status.
  service_manager::status("gateway \nWATCHDOG=1\nREADY=1");
  EXPECT_EQ(told().find('\n'), std::string::npos);
}

TEST_F(ServiceManagerTest, IsSilentWithoutASocketToTell) {
  ::unsetenv("NOTIFY_SOCKET");
  service_manager::ready();
  ::setenv("NOTIFY_SOCKET", "relative", 1);
  service_manager::ready();
  EXPECT_EQ(told(), "nothing");
}

TEST_F(ServiceManagerTest, AReaderThatIsFullHoldsNobodyUp) {
  for (int i = 0; i < 10'000; ++i) service_manager::alive();  // returns: it does not wait
  EXPECT_EQ(told(), "WATCHDOG=1");
}

TEST_F(ServiceManagerTest, TheIntervalIsHalfOfWhatSystemdAllows) {
  EXPECT_EQ(service_manager::watchdog_interval(), std::nullopt);
  ::setenv("WATCHDOG_USEC", "30000000", 1);
  EXPECT_EQ(service_manager::watchdog_interval(), 15s);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  EXPECT_EQ(service_manager::watchdog_interval(), 15s);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid() + 1).c_str(), 1);  // meant for another process
  EXPECT_EQ(service_manager::watchdog_interval(), std::nullopt);
}

TEST_F(ServiceManagerTest, NonsenseIsNoInterval) {
  for (const char* nonsense : {"", "0", "-1", "soon", "5 s", "99999999999999999999"}) {
    ::setenv("WATCHDOG_USEC", nonsense, 1);
    EXPECT_EQ(service_manager::watchdog_interval(), std::nullopt) << nonsense;
  }
}

}  // namespace
}  // namespace pizwg
