#pragma once
// Certificates as values, and an identity as the sum of its files: the server's key and certificate, and what
// each client is pinned to. Says whether the files fit together; does not make, find or write them, and
// accepts no peer. Errors name the file.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <openssl/types.h>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "core/identity_paths.h"

namespace pizwg {

// As much as one file of an identity may have; the largest real one is under 8 KiB.
inline constexpr std::size_t largest_identity_file = std::size_t{64} * 1024;

struct Certificate {
  std::vector<std::uint8_t> der;
  std::string fingerprint;  // SHA-256 of `der`, 64 hex digits, lower case
  std::string common_name;  // bytes of the peer's choice: quote them before they are printed
  std::chrono::sys_seconds not_before;
  std::chrono::sys_seconds not_after;

  bool operator==(const Certificate&) const = default;
};

// The one certificate of a PEM text, whatever else (a key, a comment) is beside it. `where` names it in
// errors.
Result<Certificate> parse_certificate(std::string_view pem, std::string_view where);

// The same of OpenSSL's own form.
Result<Certificate> certificate_value(X509* certificate, std::string_view where);

// A PEM text of several, cut into one each; the whole text when it has none.
std::vector<std::string_view> certificates_in(std::string_view pem);

Result<Certificate> read_certificate(const std::filesystem::path& path);

// Checks that a private key and a certificate belong together and are fit for TLS; the certificate. `…_where`
// name them in errors.
Result<Certificate> check_pair(std::string_view key_pem, std::string_view key_where,
                               std::string_view certificate_pem, std::string_view certificate_where);

struct Client {
  std::string name;
  std::vector<Certificate> allowed;
  std::vector<Certificate> revoked;
  bool has_key = false;  // its private key is on this host too
};

struct Identity {
  Certificate server;
  std::vector<Client> clients;  // in the order of their names
};

// Checks that the files are one whole identity: the server's key belongs to its certificate; each client's
// key to its own, which is one of its allowed ones; no key is too weak for TLS; nothing is damaged. The clock
// is not asked.
Result<Identity> check_identity(const IdentityFiles& files);

}  // namespace pizwg
