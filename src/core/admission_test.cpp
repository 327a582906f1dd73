#include "core/admission.h"

#include <gtest/gtest.h>
#include <vector>

namespace pizwg {
namespace {

std::size_t dropped(std::initializer_list<const char*> sources) {
  std::vector<UnauthenticatedConnection> waiting;
  for (const char* source : sources) waiting.push_back({source});
  return choose_whom_to_drop(waiting);
}

TEST(Admission, TheOldestOfTheBusiestSourceIsDropped) {
  EXPECT_EQ(dropped({"a", "b", "b"}), 1u);
  EXPECT_EQ(dropped({"b", "a", "b", "a", "a"}), 1u);
}

TEST(Admission, AFloodPushesOutOnlyItsOwn) {
  EXPECT_EQ(dropped({"honest", "flood", "flood", "flood"}), 1u);
}

TEST(Admission, OfEquallyBusySourcesTheFirstToArrive) {
  EXPECT_EQ(dropped({"a"}), 0u);
  EXPECT_EQ(dropped({"a", "b", "b", "a"}), 0u);
}

}  // namespace
}  // namespace pizwg
