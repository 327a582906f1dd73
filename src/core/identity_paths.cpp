#include "core/identity_paths.h"

#include <algorithm>
#include <array>

#include "core/client_name.h"

namespace pizwg {
namespace {

constexpr std::string_view pem_ending = ".pem";
constexpr std::string_view certificate_ending = ".crt";
constexpr std::string_view allowed_folder = "allowed_certs";
constexpr std::string_view revoked_folder = "revoked_certs";
// As long as fits in a tar header beside the longest folder.
constexpr std::size_t longest_file_name = 80;

bool is_certificate_file_name(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  return name.size() > certificate_ending.size() && name.size() <= longest_file_name &&
         name.ends_with(certificate_ending) && name.front() != '.' && name.front() != '-' &&
         std::ranges::all_of(name, plain);
}

// "a" of "a/b/c", and leaves "b/c".
std::string_view take_component(std::string_view& path) {
  const std::string_view first = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), first.size() + 1));
  return first;
}

std::optional<IdentityPath> parse_secret_path(std::string_view name) {
  if (!name.ends_with(pem_ending)) return std::nullopt;
  name.remove_suffix(pem_ending.size());
  if (!is_client_name(name)) return std::nullopt;
  return IdentityPath{IdentityFileKind::client_pem, std::string(name)};
}

// What follows clients_folder: "NAME/allowed_certs/FILE.crt".
std::optional<IdentityPath> parse_client_path(std::string_view rest) {
  const std::string_view client = take_component(rest);
  const std::string_view folder = take_component(rest);
  if (!is_client_name(client) || !is_certificate_file_name(rest)) return std::nullopt;
  if (folder == allowed_folder)
    return IdentityPath{IdentityFileKind::allowed_certificate, std::string(client)};
  if (folder == revoked_folder)
    return IdentityPath{IdentityFileKind::revoked_certificate, std::string(client)};
  return std::nullopt;
}

// Whether `path` is below `folder`; then what follows it.
std::optional<std::string_view> below(std::string_view folder, std::string_view path) {
  if (path.size() <= folder.size() || !path.starts_with(folder) || path[folder.size()] != '/')
    return std::nullopt;
  return path.substr(folder.size() + 1);
}

std::string certificate_path(std::string_view client, std::string_view folder, std::string_view file) {
  std::string path(clients_folder);
  for (const std::string_view part : {client, folder, file}) path.append("/").append(part);
  return path;
}

}  // namespace

std::optional<IdentityPath> parse_identity_path(std::string_view path) {
  if (path == server_key_path) return IdentityPath{IdentityFileKind::server_key, {}};
  if (path == server_certificate_path) return IdentityPath{IdentityFileKind::server_certificate, {}};
  if (const auto name = below(secret_folder, path)) return parse_secret_path(*name);
  if (const auto rest = below(clients_folder, path)) return parse_client_path(*rest);
  return std::nullopt;
}

bool is_identity_folder(std::string_view path) {
  static constexpr std::array<std::string_view, 6> fixed{"etc", "etc/ser2net", secret_folder,
                                                         "usr", "usr/share",   "usr/share/ser2net"};
  if (path == clients_folder || std::ranges::find(fixed, path) != fixed.end()) return true;
  auto rest = below(clients_folder, path);
  if (!rest || !is_client_name(take_component(*rest))) return false;
  return rest->empty() || *rest == allowed_folder || *rest == revoked_folder;
}

unsigned mode_of(IdentityFileKind kind) {
  switch (kind) {
    case IdentityFileKind::server_key:
    case IdentityFileKind::client_pem:
      return 0600;
    case IdentityFileKind::server_certificate:
    case IdentityFileKind::allowed_certificate:
    case IdentityFileKind::revoked_certificate:
      return 0644;
  }
  return 0600;
}

std::string client_pem_path(std::string_view client) {
  return std::string(secret_folder).append("/").append(client).append(pem_ending);
}

std::string allowed_path(std::string_view client, std::string_view file) {
  return certificate_path(client, allowed_folder, file);
}

std::string revoked_path(std::string_view client, std::string_view file) {
  return certificate_path(client, revoked_folder, file);
}

}  // namespace pizwg
