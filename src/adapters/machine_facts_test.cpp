#include "adapters/machine_facts.h"

#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>

namespace pizwg {
namespace {

namespace fs = std::filesystem;

class MachineFacts : public testing::Test {
 protected:
  MachineFacts() { fs::create_directories(root_); }
  ~MachineFacts() override { fs::remove_all(root_); }

  void put(const fs::path& path, std::string_view text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text << "\n";
  }

  const fs::path root_ = fs::path(testing::TempDir()) / ("machine-" + std::to_string(::getpid()));
};

TEST_F(MachineFacts, WhatNobodyTellsIsUnknown) {
  const MachineStatus status = read_machine_status(root_);
  EXPECT_FALSE(status.watchdog_armed);
  EXPECT_FALSE(status.under_voltage);
  EXPECT_FALSE(status.throttled);
  EXPECT_FALSE(status.root_read_only);
}

TEST_F(MachineFacts, RootIsReadOnlyWhenItsMountOrItsFileSystemIs) {
  const auto root_with = [this](std::string_view mount, std::string_view file_system) {
    put("proc/1/mountinfo", fmt::format("22 1 8:2 / / {},relatime shared:1 - ext4 /dev/root {}\n"
                                        "23 22 8:1 / /boot ro - vfat /dev/boot ro\n",
                                        mount, file_system));
    return read_machine_status(root_).root_read_only;
  };
  EXPECT_EQ(root_with("rw", "rw,errors=remount-ro"), false);
  EXPECT_EQ(root_with("rw", "ro"), true);
  EXPECT_EQ(root_with("ro", "rw"), true);
}

TEST_F(MachineFacts, TheMountOnTopCounts) {
  put("proc/1/mountinfo", "1 1 0:2 / / rw - rootfs rootfs rw\n22 1 8:2 / / ro - ext4 /dev/root ro");
  EXPECT_EQ(read_machine_status(root_).root_read_only, true);
}

TEST_F(MachineFacts, AWatchdogIsArmedWhenTheKernelSaysActive) {
  put("sys/class/watchdog/watchdog0/state", "inactive");
  EXPECT_EQ(read_machine_status(root_).watchdog_armed, false);
  put("sys/class/watchdog/watchdog0/state", "active");
  EXPECT_EQ(read_machine_status(root_).watchdog_armed, true);
}

// 0x50000: it has been so, and is not now.
TEST_F(MachineFacts, TheVendorsKernelTellsOfThrottling) {
  put("sys/devices/platform/soc/soc:firmware/get_throttled", "50000");
  EXPECT_EQ(read_machine_status(root_).under_voltage, false);
  EXPECT_EQ(read_machine_status(root_).throttled, false);
  put("sys/devices/platform/soc/soc:firmware/get_throttled", "0x50005");
  EXPECT_EQ(read_machine_status(root_).under_voltage, true);
  EXPECT_EQ(read_machine_status(root_).throttled, true);
}

TEST_F(MachineFacts, DebiansKernelTellsOfUnderVoltage) {
  put("sys/class/hwmon/hwmon0/name", "cpu_thermal");
  put("sys/class/hwmon/hwmon1/name", "rpi_volt");
  put("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1");
  EXPECT_EQ(read_machine_status(root_).under_voltage, true);
  EXPECT_FALSE(read_machine_status(root_).throttled);
}

}  // namespace
}  // namespace pizwg
