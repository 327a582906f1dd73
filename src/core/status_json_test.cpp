#include "core/status_json.h"

#include <gtest/gtest.h>

#include "core/host_examples.h"

namespace pizwg {
namespace {

// Every key in the order in which it stands.
std::string keys_of(const std::string& json) {
  std::string keys;
  for (std::size_t at = 0; (at = json.find("\": ", at)) != std::string::npos; at += 3) {
    const auto begin = json.rfind('"', at - 1);
    keys += json.substr(begin + 1, at - begin - 1) + " ";
  }
  return keys;
}

TEST(StatusJson, TellsTheState) {
  const std::string json = status_json(examples::faulty());
  EXPECT_NE(json.find("\"state\": \"faulty\""), std::string::npos);
  EXPECT_NE(json.find("\"fault\": \"no-gateway\""), std::string::npos);
  EXPECT_NE(json.find("\"told\": \"2026-11-25T12:00:00Z\""), std::string::npos);
  EXPECT_NE(json.find("\"fit\": false"), std::string::npos);
}

TEST(StatusJson, OfAStandaloneHostHasTheSameKeys) {
  const std::string json = status_json(examples::standalone());
  EXPECT_NE(json.find("\"cluster\": null"), std::string::npos);
  EXPECT_NE(json.find("\"session\": null"), std::string::npos);
  EXPECT_NE(json.find("\"under_voltage\": null"), std::string::npos);
  EXPECT_TRUE(keys_of(json).starts_with(
      "host version told state since fault fit role maintenance next_step cluster gateway open proven"));
}

TEST(StatusJson, OfSeveralHostsSaysWhoWasAsked) {
  const std::string json = cluster_json(
      {{.asked = "pi-1", .status = examples::serving_master()}, {.asked = "pi-2", .trouble = "no answer"}});
  EXPECT_NE(json.find("\"asked\": \"pi-2\",\n      \"trouble\": \"no answer\",\n      \"status\": null"),
            std::string::npos)
      << json;
}

}  // namespace
}  // namespace pizwg
