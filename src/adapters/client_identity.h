#pragma once
// A client's side of the identity: its own key and certificate, and the server's certificate, which is the
// only one that it accepts. From the two files that the host's operator hands out, or out of a backup.

#include <filesystem>
#include <string>

#include "adapters/tls_context.h"
#include "base/error.h"

namespace pizwg {

struct ClientIdentityFiles {
  std::filesystem::path server_certificate;  // ser2net.crt
  std::filesystem::path client_pem;          // private key and certificate
  std::filesystem::path bundle;              // backup.tar; then the other two are not looked at
  std::string client = "pizwg-client";       // which client of the bundle

  bool operator==(const ClientIdentityFiles&) const = default;
};

// Errors name the file: it cannot be read, the key and the certificate do not belong together, one has
// expired, or the server's certificate is not a server's.
Result<TlsContext> load_client_identity(const ClientIdentityFiles& files);

}  // namespace pizwg
