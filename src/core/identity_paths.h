#pragma once
// Where the files of an identity are, relative to the root: the names of the first PiZWG, kept for ever,
// because its archives and its users' commands have them. The same names are the members of a backup. Not the
// files themselves.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pizwg {

inline constexpr std::string_view server_name = "pizwg-server";
inline constexpr std::string_view server_key_path = "etc/ser2net/ser2net.key";
inline constexpr std::string_view server_certificate_path = "etc/ser2net/ser2net.crt";
inline constexpr std::string_view secret_folder = "root";
inline constexpr std::string_view clients_folder = "usr/share/ser2net/auth";
inline constexpr std::string_view backup_path = "root/backup.tar";
inline constexpr std::string_view encrypted_backup_path = "root/backup.tar.cms";
inline constexpr std::string_view replaced_backup_path = "root/backup.tar.replaced";

// Path to content, in the order of the paths: all of an identity, as it is on the disk and in a backup.
using IdentityFiles = std::map<std::string, std::string, std::less<>>;

enum class IdentityFileKind {
  server_key,
  server_certificate,
  client_pem,
  allowed_certificate,
  revoked_certificate
};

struct IdentityPath {
  IdentityFileKind kind = IdentityFileKind::server_key;
  std::string client;  // empty for the server's two files

  bool operator==(const IdentityPath&) const = default;
};

// Nothing when `path` is not exactly the path of a file of an identity.
std::optional<IdentityPath> parse_identity_path(std::string_view path);

// A folder above a file of an identity, as archives have them: "etc", "usr/share/ser2net/auth/NAME", …
bool is_identity_folder(std::string_view path);

// 0600 for what has a private key, 0644 for what is public.
unsigned mode_of(IdentityFileKind kind);

std::string client_pem_path(std::string_view client);                      // private key, then certificate
std::string allowed_path(std::string_view client, std::string_view file);  // file: its name, "….crt"
std::string revoked_path(std::string_view client, std::string_view file);

}  // namespace pizwg
