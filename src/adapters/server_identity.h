#pragma once
// The identity files as the daemon needs them: our key and certificate, and the certificates that clients are
// pinned to. Never reads a client's private key.

#include <filesystem>
#include <vector>

#include "adapters/tls_context.h"
#include "base/error.h"

namespace pizwg {

// One client's certificate that cannot be read is logged and left out: it must not lock out the others.
// Errors: there is no identity, or the server's part of it is not usable.
enum class OtherHosts { refused, accepted };
Result<TlsContext> load_server_identity(const std::filesystem::path& root, OtherHosts hosts);

// The folders in which a change may be a change of the identity.
std::vector<std::filesystem::path> identity_folders(const std::filesystem::path& root);

}  // namespace pizwg
