#pragma once
// Identities for unit tests, valid for as long as anybody will run them.

#include <chrono>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "adapters/identity.h"
#include "adapters/new_identity.h"

namespace pizwg::examples {

inline NewIdentity identity_of(const std::string& name, CertificateUse use) {
  using namespace std::chrono_literals;
  const auto made = make_identity({.common_name = name,
                                   .use = use,
                                   .not_before = std::chrono::sys_days{2020y / 1 / 1},
                                   .not_after = std::chrono::sys_days{2038y / 1 / 17}});
  EXPECT_TRUE(made) << made.error().what;
  return made.value_or(NewIdentity{});
}

inline std::vector<std::uint8_t> der_of(const NewIdentity& identity) {
  const auto certificate = parse_certificate(identity.certificate, "a test");
  EXPECT_TRUE(certificate);
  return certificate ? certificate->der : std::vector<std::uint8_t>();
}

}  // namespace pizwg::examples
