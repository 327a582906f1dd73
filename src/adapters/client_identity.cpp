#include "adapters/client_identity.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "adapters/identity.h"
#include "base/file.h"
#include "base/text.h"
#include "core/identity_paths.h"
#include "core/tar_member.h"

namespace pizwg {
namespace {

// A backup of a host with many clients.
constexpr std::size_t largest_bundle = std::size_t{4} * 1024 * 1024;

struct Pem {
  std::string server;
  std::string server_where;
  std::string client;
  std::string client_where;
};

Result<std::string> read_member(std::string_view archive, const std::filesystem::path& bundle,
                                std::string_view name) {
  auto content = read_tar_member(archive, name);
  if (content) return content;
  return fail(fmt::format("cannot use the bundle {}: {}", in_quotes(bundle.native()), content.error().what),
              archive.starts_with("-----") || bundle.extension() == ".cms"
                  ? "it is encrypted; its first lines say how to decrypt it"
                  : "it is the backup.tar that pizwg backup writes");
}

Result<Pem> read_bundle(const ClientIdentityFiles& files) {
  const auto archive = read_file(files.bundle, largest_bundle);
  if (!archive) return std::unexpected(archive.error());
  const std::string client_path = client_pem_path(files.client);
  const auto server = read_member(*archive, files.bundle, server_certificate_path);
  if (!server) return std::unexpected(server.error());
  const auto client = read_member(*archive, files.bundle, client_path);
  if (!client) return std::unexpected(client.error());
  const auto inside = [&](std::string_view name) {
    return fmt::format("{}:{}", files.bundle.native(), name);
  };
  return Pem{*server, inside(server_certificate_path), *client, inside(client_path)};
}

// Where the file comes from, when there is no better hint.
template <typename Value>
Result<Value> with_hint(Result<Value> result, std::string_view hint) {
  if (!result && result.error().hint.empty()) result.error().hint = hint;
  return result;
}

constexpr std::string_view server_hint = "copy /etc/ser2net/ser2net.crt from the host";
constexpr std::string_view client_hint = "copy it from the host anew, such as /root/pizwg-client.pem";

Result<Pem> read_pem(const ClientIdentityFiles& files) {
  if (!files.bundle.empty()) return read_bundle(files);
  const auto server = with_hint(read_file(files.server_certificate, largest_identity_file), server_hint);
  if (!server) return std::unexpected(server.error());
  const auto client = with_hint(read_file(files.client_pem, largest_identity_file), client_hint);
  if (!client) return std::unexpected(client.error());
  return Pem{*server, files.server_certificate.native(), *client, files.client_pem.native()};
}

Result<void> check_expiry(const Certificate& certificate, std::string_view where, std::string_view remedy) {
  if (std::chrono::system_clock::now() <= certificate.not_after) return {};
  return fail(fmt::format("the certificate in {} has expired", in_quotes(where)),
              fmt::format("{}, or look at this machine's clock", remedy));
}

Result<Certificate> check_server(std::string_view pem, std::string_view where) {
  auto server = with_hint(parse_certificate(pem, where), server_hint);
  if (!server || server->common_name == server_name) return server;
  return fail(fmt::format("the certificate in {} is of {}, not of {}", in_quotes(where),
                          in_quotes(server->common_name), in_quotes(server_name)),
              "the server's certificate is etc/ser2net/ser2net.crt on the host");
}

// The old one and the new one may stand in one file while the hosts change to the new one. One has to be
// valid.
Result<std::vector<Certificate>> check_servers(const Pem& pem) {
  std::vector<Certificate> servers;
  for (const std::string_view one : certificates_in(pem.server)) {
    auto server = check_server(one, pem.server_where);
    if (!server) return std::unexpected(server.error());
    servers.push_back(std::move(*server));
  }
  const auto& last = std::ranges::max(servers, {}, &Certificate::not_after);
  if (auto valid = check_expiry(last, pem.server_where, "make a new identity on the host"); !valid)
    return std::unexpected(valid.error());
  return servers;
}

}  // namespace

Result<TlsContext> load_client_identity(const ClientIdentityFiles& files) {
  const auto pem = read_pem(files);
  if (!pem) return std::unexpected(pem.error());
  const auto servers = check_servers(*pem);
  if (!servers) return std::unexpected(servers.error());
  const auto client =
      with_hint(check_pair(pem->client, pem->client_where, pem->client, pem->client_where), client_hint);
  if (!client) return std::unexpected(client.error());
  if (auto valid = check_expiry(*client, pem->client_where, "make a new one on the host: pizwg client add");
      !valid) {
    return std::unexpected(valid.error());
  }
  PeerPolicy only_the_server;
  for (const Certificate& server : *servers) only_the_server.hosts.push_back(server.der);
  return TlsContext::make(pem->client, pem->client, std::move(only_the_server));
}

}  // namespace pizwg
