#include "core/rfc2217.h"

#include <gtest/gtest.h>
#include <random>

namespace pizwg {
namespace {

using Data = std::vector<std::uint8_t>;

struct Got {
  Data data;
  Data replies;
};

Got receive(Rfc2217& telnet, const Data& bytes, std::size_t piece = 1000) {
  Got got;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    telnet.receive(std::span(bytes).subspan(at, std::min(piece, bytes.size() - at)), got.data, got.replies);
  }
  return got;
}

TEST(Rfc2217, PassesDataAndUndoesItsEscapes) {
  Rfc2217 telnet(115200);
  EXPECT_EQ(receive(telnet, {1, 255, 255, 2}).data, (Data{1, 255, 2}));
  Data out;
  Rfc2217::escape(Data{1, 255, 2}, out);
  EXPECT_EQ(out, (Data{1, 255, 255, 2}));
}

TEST(Rfc2217, AnswersInWhateverPiecesTheQuestionComes) {
  const Data question{1, 255, 250, 44, 1, 0, 1, 0xc2, 0, 255, 240, 2};
  for (std::size_t piece = 1; piece <= question.size(); ++piece) {
    Rfc2217 telnet(115200);
    const auto got = receive(telnet, question, piece);
    EXPECT_EQ(got.data, (Data{1, 2}));
    EXPECT_EQ(got.replies, (Data{255, 250, 44, 101, 0, 1, 0xc2, 0, 255, 240}));
  }
}

TEST(Rfc2217, AnswersWithTheGatewaysSettingsWhateverIsAskedFor) {
  Rfc2217 telnet(115200);
  EXPECT_EQ(receive(telnet, {255, 250, 44, 1, 0, 0, 0x25, 0x80, 255, 240}).replies,
            (Data{255, 250, 44, 101, 0, 1, 0xc2, 0, 255, 240}));
  EXPECT_EQ(receive(telnet, {255, 250, 44, 2, 7, 255, 240}).replies, (Data{255, 250, 44, 102, 8, 255, 240}));
  EXPECT_EQ(receive(telnet, {255, 250, 44, 3, 2, 255, 240}).replies, (Data{255, 250, 44, 103, 1, 255, 240}));
  EXPECT_EQ(receive(telnet, {255, 250, 44, 5, 3, 255, 240}).replies, (Data{255, 250, 44, 105, 1, 255, 240}));
  EXPECT_EQ(receive(telnet, {255, 250, 44, 5, 8, 255, 240}).replies, (Data{255, 250, 44, 105, 8, 255, 240}));
}

TEST(Rfc2217, RefusesOtherOptions) {
  Rfc2217 telnet(115200);
  EXPECT_EQ(receive(telnet, {255, 253, 1, 255, 251, 31}).replies, (Data{255, 252, 1, 255, 254, 31}));
}

TEST(Rfc2217, AgreesToItsOptionsOnce) {
  Rfc2217 telnet(115200);
  EXPECT_EQ(receive(telnet, {255, 253, 0, 255, 251, 0, 255, 253, 3}).replies,
            (Data{255, 251, 0, 255, 253, 0, 255, 251, 3}));
  EXPECT_EQ(receive(telnet, {255, 253, 0, 255, 251, 0, 255, 253, 3}).replies, Data{});
  EXPECT_EQ(receive(telnet, {255, 252, 44, 255, 254, 44}).replies, Data{});
}

TEST(Rfc2217, TellsTheControlLinesToAComPortClient) {
  Rfc2217 telnet(115200);
  EXPECT_EQ(receive(telnet, {255, 251, 44}).replies,
            (Data{255, 253, 44, 255, 251, 0, 255, 253, 0, 255, 250, 44, 107, 0xb0, 255, 240}));
}

TEST(Rfc2217, HoldsAgainstAnyBytes) {
  std::mt19937 random(1);
  Rfc2217 telnet(115200);
  for (int i = 0; i < 20000; ++i) {
    Data bytes;
    for (int j = 0; j < 20; ++j)
      bytes.push_back(random() % 3 == 0 ? 255 : static_cast<std::uint8_t>(random()));
    const auto got = receive(telnet, bytes);
    EXPECT_LE(got.data.size(), bytes.size());
    EXPECT_LE(got.replies.size(), 400U);
  }
}

}  // namespace
}  // namespace pizwg
