#include "core/peer_policy.h"

#include <gtest/gtest.h>

namespace pizwg {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds today{seconds(1'800'000'000)};
const PeerPolicy policy{.allowed = {{"alice", {'A'}}, {"bob", {'B'}}, {"carol", {'C'}}},
                        .revoked = {{"carol", {'C'}}}};

TEST(PeerPolicy, AnAllowedCertificateProvesItsClient) {
  EXPECT_EQ(judge(policy, {{'A'}, today + seconds(1)}, today), "alice");
  EXPECT_EQ(judge(policy, {{'B'}, today}, today), "bob");
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
  EXPECT_EQ(judge(policy, {{'A'}, today}, sys_seconds{}), "alice");
}

}  // namespace
}  // namespace pizwg
