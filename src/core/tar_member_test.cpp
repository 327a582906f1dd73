#include "core/tar_member.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <numeric>

namespace pizwg {
namespace {

std::string member(const std::string& name, const std::string& content, char type = '0') {
  std::string header(512, '\0');
  header.replace(0, name.size(), name);
  header.replace(124, 11, fmt::format("{:011o}", content.size()));
  header.replace(148, 8, "        ");
  header[156] = type;
  header.replace(257, 5, "ustar");
  const unsigned sum = std::accumulate(header.begin(), header.end(), 0U,
                                       [](unsigned s, char c) { return s + static_cast<unsigned char>(c); });
  header.replace(148, 7, fmt::format("{:06o}", sum) + '\0');
  std::string padded = content;
  padded.resize((content.size() + 511) / 512 * 512, '\0');
  return header + padded;
}

const std::string end(1024, '\0');

TEST(TarMember, IsFoundAmongOthers) {
  const auto tar =
      member("etc/", "", '5') + member("etc/a", std::string(700, 'a')) + member("root/b", "bb") + end;
  EXPECT_EQ(read_tar_member(tar, "etc/a"), std::string(700, 'a'));
  EXPECT_EQ(read_tar_member(tar, "root/b"), "bb");
}

TEST(TarMember, MayHaveADotBeforeItsName) {
  EXPECT_EQ(read_tar_member(member("./root/b", "bb") + end, "root/b"), "bb");
}

TEST(TarMember, IsTheLastOfItsName) {
  EXPECT_EQ(read_tar_member(member("b", "old") + member("b", "new") + end, "b"), "new");
}

TEST(TarMember, IsNoLinkAndNoFolder) {
  EXPECT_FALSE(read_tar_member(member("b", "", '2') + end, "b"));
}

TEST(TarMember, ThatIsMissingIsNamed) {
  const auto missing = read_tar_member(member("a", "a") + end, "b");
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().what.find("\"b\""), std::string::npos);
}

TEST(TarMember, OfADamagedArchiveIsRefusedWhereverItIsCut) {
  const auto tar = member("a", std::string(700, 'a')) + member("b", "bb");
  for (std::size_t cut = 0; cut < tar.size() - 512; ++cut) {
    EXPECT_FALSE(read_tar_member(std::string_view(tar).substr(0, cut), "b")) << cut;
  }
  auto bad = tar;
  bad[130] = '7';
  EXPECT_FALSE(read_tar_member(bad, "b"));
  EXPECT_FALSE(read_tar_member(std::string(5000, 'x'), "b"));
}

}  // namespace
}  // namespace pizwg
