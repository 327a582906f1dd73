#pragma once
// For unit tests of what lives in the event loop: the loop, and a wait until a condition comes true.

#include <chrono>
#include <gtest/gtest.h>

#include <asio/io_context.hpp>

namespace pizwg {

class EventLoopTest : public testing::Test {
 protected:
  // False when it has not come true within 10 s.
  template <typename Condition>
  bool comes_true(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!condition() && std::chrono::steady_clock::now() < deadline) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(10));
    }
    return condition();
  }

  asio::io_context io_{1};
};

}  // namespace pizwg
