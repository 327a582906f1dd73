#pragma once
// A backup under a passphrase, in a standard format: CMS AuthEnvelopedData (RFC 5083) in PEM form,
// AES-256-GCM under a key that PBKDF2 makes of the passphrase. "openssl cms -decrypt" opens it, as its first
// lines say, and whoever opens it notices a wrong passphrase and every changed byte.

#include <string>
#include <string_view>

#include "base/error.h"

namespace pizwg {

// An archive of core/backup_manifest.h's limit, in base64, and its wrapping.
inline constexpr std::size_t largest_encrypted_backup = 6 * 1024 * 1024;

bool is_encrypted_backup(std::string_view bytes);

// Takes about a second, and so does every guess at the passphrase.
Result<std::string> encrypt_backup(std::string_view archive, std::string_view passphrase);

Result<std::string> decrypt_backup(std::string_view bytes, std::string_view passphrase);

}  // namespace pizwg
