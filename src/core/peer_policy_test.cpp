#include "core/peer_policy.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds today{seconds(1'800'000'000)};
const PeerPolicy policy{.allowed = {{"alice", {'A'}}, {"bob", {'B'}}, {"carol", {'C'}}},
                        .revoked = {{"carol", {'C'}}}};

Peer client(std::string name) {
  return {.kind = Peer::Kind::client, .client = std::move(name)};
}

TEST(PeerPolicy, AnAllowedCertificateProvesItsClient) {
  EXPECT_EQ(judge(policy, {{'A'}, today + seconds(1)}, today), client("alice"));
  EXPECT_EQ(judge(policy, {{'B'}, today}, today), client("bob"));
}

TEST(PeerPolicy, WhoHasOurOwnCertificateIsAnotherHost) {
  PeerPolicy cluster = policy;
  cluster.hosts = {{'G'}, {'H'}};
  EXPECT_EQ(judge(cluster, {{'H'}, today}, today)->kind, Peer::Kind::host);
  EXPECT_EQ(judge(cluster, {{'A'}, today}, today), client("alice"));
  EXPECT_EQ(judge(policy, {{'H'}, today}, today), std::unexpected(Refusal::certificate_unknown));
  EXPECT_EQ(judge(cluster, {{'H'}, today - seconds(1)}, today),
            std::unexpected(Refusal::certificate_expired));
  cluster.revoked.push_back({"old", {'H'}});
  EXPECT_EQ(judge(cluster, {{'H'}, today}, today), std::unexpected(Refusal::certificate_revoked));
}

TEST(PeerPolicy, AnythingElseIsUnknown) {
  EXPECT_EQ(judge(policy, {{'X'}, today}, today), std::unexpected(Refusal::certificate_unknown));
  EXPECT_EQ(judge(policy, {{}, today}, today), std::unexpected(Refusal::certificate_unknown));
  EXPECT_EQ(judge({}, {{'A'}, today}, today), std::unexpected(Refusal::certificate_unknown));
}

TEST(PeerPolicy, RevokedWinsOverAllowed) {
  EXPECT_EQ(judge(policy, {{'C'}, today}, today), std::unexpected(Refusal::certificate_revoked));
}

TEST(PeerPolicy, ExpiredIsRefusedFromTheNextSecondOn) {
  EXPECT_EQ(judge(policy, {{'A'}, today - seconds(1)}, today), std::unexpected(Refusal::certificate_expired));
}

TEST(PeerPolicy, AClockBeforeTheCertificateDoesNotLockAnybodyOut) {
  EXPECT_EQ(judge(policy, {{'A'}, today}, sys_seconds{}), client("alice"));
}

}  // namespace
}  // namespace pizwg
