#include "sim/hub_question.h"

#include <gtest/gtest.h>

namespace pizwg::sim {
namespace {

using Ask = HubQuestion::Ask;
using Descriptions = HubQuestion::Descriptions;

TEST(HubQuestion, IsUnderstoodAsItWasMeant) {
  for (const Ask ask : {Ask::fault, Ask::status, Ask::off, Ask::on, Ask::toggle}) {
    const HubQuestion question{
        .ask = ask, .ports = 0b1010, .descriptions = Descriptions::unwanted, .location = "1-1.2"};
    EXPECT_EQ(parse_hub_question(to_line(question)), question) << to_line(question);
  }
  const HubQuestion anywhere{.ask = Ask::off, .ports = ~0U};
  EXPECT_EQ(parse_hub_question(to_line(anywhere)), anywhere);
}

TEST(HubQuestion, NonsenseIsNone) {
  for (const char* line : {"", "off", "off 1", "off one 1", "burn 1 1 1-1", "off -"}) {
    EXPECT_EQ(parse_hub_question(line), std::nullopt) << line;
  }
}

}  // namespace
}  // namespace pizwg::sim
