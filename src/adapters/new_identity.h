#pragma once
// Makes a private key and a self-signed certificate for it: an X.509 v3 leaf that is no CA, because PiZWG
// pins certificates and must never accept what one of them signed. Writes no file.

#include <chrono>
#include <string>

#include "base/error.h"

namespace pizwg {

enum class KeyType { p256, rsa4096 };
enum class CertificateUse { server, client };

struct IdentityRequest {
  std::string common_name;  // and the only subjectAltName; at most 63 bytes
  CertificateUse use = CertificateUse::server;
  KeyType key = KeyType::p256;
  std::chrono::sys_seconds not_before;
  std::chrono::sys_seconds not_after;
};

struct NewIdentity {
  std::string key;          // PEM, PKCS #8, not encrypted
  std::string certificate;  // PEM
};

Result<NewIdentity> make_identity(const IdentityRequest& request);

}  // namespace pizwg
