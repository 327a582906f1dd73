#include "base/json.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

TEST(Json, KeepsTheOrderOfItsKeys) {
  JsonObject inner;
  inner.add("b", true).add("a", std::uint64_t{18'446'744'073'709'551'615U});
  JsonObject object;
  object.add("text", "x").add("inner", inner).add("none", std::optional<bool>()).add("half", 0.5);
  EXPECT_EQ(object.text(),
            "{\n  \"text\": \"x\",\n  \"inner\": {\n    \"b\": true,\n    \"a\": 18446744073709551615\n  },\n"
            "  \"none\": null,\n  \"half\": 0.5\n}");
}

TEST(Json, HasListsOfObjects) {
  JsonObject element;
  element.add("n", std::uint64_t{1});
  JsonObject object;
  object.add("list", std::vector{element, element}).add("empty", std::vector<JsonObject>());
  EXPECT_EQ(object.text(),
            "{\n  \"list\": [\n    {\n      \"n\": 1\n    },\n    {\n      \"n\": 1\n    }\n  ],\n"
            "  \"empty\": []\n}");
  EXPECT_EQ(JsonObject().text(), "{}");
}

// Names come out of certificates: nobody's bytes may end a text.
TEST(Json, EscapesWhatIsNotPlain) {
  JsonObject object;
  object.add("a\"b", "\\ \n \x01 \xff");
  EXPECT_EQ(object.text(), "{\n  \"a\\\"b\": \"\\\\ \\u000a \\u0001 \\u00ff\"\n}");
}

}  // namespace
}  // namespace pizwg
