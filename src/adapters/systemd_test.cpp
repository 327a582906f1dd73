#include "adapters/systemd.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "adapters/event_loop_test.h"

namespace pizwg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A systemctl of ours is found first in PATH: it writes down what it was asked for, and refuses while there
// is a file "refuses".
class SystemdTest : public EventLoopTest {
 protected:
  SystemdTest() {
    std::string name = (fs::temp_directory_path() / "pizwg_systemd_test.XXXXXX").native();
    folder_ = ::mkdtemp(name.data());
    std::ofstream(folder_ / "systemctl")
        << "#!/bin/sh\nshift 2\necho \"$@\" >>\"" << (folder_ / "asked").native() << "\"\n[ ! -e \""
        << (folder_ / "refuses").native() << "\" ]\n";
    fs::permissions(folder_ / "systemctl", fs::perms::owner_all);
    path_ = std::getenv("PATH");
    ::setenv("PATH", (folder_.native() + ":" + path_).c_str(), 1);
  }
  ~SystemdTest() override {
    ::setenv("PATH", path_.c_str(), 1);
    fs::remove_all(folder_);
  }

  void refuse(bool refuses) {
    if (refuses) {
      std::ofstream(folder_ / "refuses") << "";
    } else {
      fs::remove(folder_ / "refuses");
    }
  }

  std::vector<std::string> asked() const {
    std::vector<std::string> lines;
    std::ifstream file(folder_ / "asked");
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  fs::path folder_;
  std::string path_;
  Systemd systemd_{io_, 50ms};
};

TEST_F(SystemdTest, StartsKeepalivedOnce) {
  systemd_.start_keepalived();
  EXPECT_TRUE(comes_true([this] { return asked().size() == 1; }));
  io_.run_for(200ms);  // time for another one to come
  EXPECT_EQ(asked(), std::vector<std::string>{"start keepalived.service"});
}

TEST_F(SystemdTest, AsksAgainUntilItIsTaken) {
  refuse(true);
  systemd_.start_keepalived();
  EXPECT_TRUE(comes_true([this] { return asked().size() >= 3; }));
  refuse(false);
  const std::size_t then = asked().size();
  EXPECT_TRUE(comes_true([&] { return asked().size() > then; }));
}

TEST_F(SystemdTest, WhatIsWantedLastCounts) {
  refuse(true);
  systemd_.start_keepalived();
  EXPECT_TRUE(comes_true([this] { return !asked().empty(); }));
  systemd_.restart_keepalived();
  EXPECT_TRUE(comes_true([this] { return asked().back() == "restart keepalived.service"; }));
  io_.run_for(200ms);  // time for the first one to come again
  EXPECT_EQ(asked().back(), "restart keepalived.service");
}

}  // namespace
}  // namespace pizwg
