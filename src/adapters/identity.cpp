#include "adapters/identity.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <map>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <optional>

#include "adapters/openssl_handles.h"
#include "base/file.h"
#include "base/text.h"

namespace pizwg {
namespace {

// What OpenSSL's security level 2, Debian's default, wants of a key: RSA of 2048 bits or better.
constexpr int least_security_bits = 112;

// OpenSSL would ask on the terminal for the passphrase of an encrypted key.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

KeyPtr parse_key(std::string_view pem) {
  return KeyPtr(PEM_read_bio_PrivateKey(reader_of(pem).get(), nullptr, no_passphrase, nullptr));
}

Result<X509Ptr> parse_x509(std::string_view pem, std::string_view where) {
  const BioPtr reader = reader_of(pem);
  X509Ptr first(PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr));
  if (!first) return fail(fmt::format("no certificate in {}: {}", in_quotes(where), openssl_reason()));
  const X509Ptr second(PEM_read_bio_X509(reader.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (second) return fail(fmt::format("more than one certificate in {}", in_quotes(where)));
  return first;
}

std::vector<std::uint8_t> der_of(X509* certificate) {
  std::uint8_t* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size < 0) return {};
  std::vector<std::uint8_t> der(bytes, bytes + size);
  OPENSSL_free(bytes);
  return der;
}

std::string common_name_of(const X509* certificate) {
  const X509_NAME* name = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
  if (size < 0) return {};
  std::string common_name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return common_name;
}

std::optional<std::chrono::sys_seconds> seconds_of(const ASN1_TIME* time) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(time, &fields) != 1) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&fields)));
}

bool is_self_issued(const X509* certificate) {
  return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

// A self-signed certificate carries its own check sum: a flipped bit is found here and not by a client.
bool is_damaged(X509* certificate) {
  const bool damaged =
      is_self_issued(certificate) && X509_verify(certificate, X509_get0_pubkey(certificate)) != 1;
  ERR_clear_error();
  return damaged;
}

// Signs and verifies: comparing public halves would not notice a damaged private one.
bool belong_together(EVP_PKEY* key, EVP_PKEY* public_key) {
  static constexpr std::array<std::uint8_t, 5> message{'p', 'i', 'z', 'w', 'g'};
  const bool has_own_digest = EVP_PKEY_is_a(key, "ED25519") == 1 || EVP_PKEY_is_a(key, "ED448") == 1;
  const EVP_MD* digest = has_own_digest ? nullptr : EVP_sha256();
  std::vector<std::uint8_t> signature(static_cast<std::size_t>(std::max(EVP_PKEY_get_size(key), 0)));
  std::size_t size = signature.size();
  const DigestContextPtr signer(EVP_MD_CTX_new());
  const DigestContextPtr verifier(EVP_MD_CTX_new());
  const bool proven =
      signer && verifier && EVP_DigestSignInit(signer.get(), nullptr, digest, nullptr, key) == 1 &&
      EVP_DigestSign(signer.get(), signature.data(), &size, message.data(), message.size()) == 1 &&
      EVP_DigestVerifyInit(verifier.get(), nullptr, digest, nullptr, public_key) == 1 &&
      EVP_DigestVerify(verifier.get(), signature.data(), size, message.data(), message.size()) == 1;
  ERR_clear_error();
  return proven;
}

std::string_view content_at(const IdentityFiles& files, std::string_view path) {
  const auto found = files.find(path);
  return found == files.end() ? std::string_view() : std::string_view(found->second);
}

Result<Certificate> check_server(const IdentityFiles& files) {
  for (const std::string_view path : {server_key_path, server_certificate_path}) {
    if (!files.contains(path)) return fail(fmt::format("{} is missing", in_quotes(path)));
  }
  const std::string_view pem = content_at(files, server_certificate_path);
  const auto certificate = parse_x509(pem, server_certificate_path);
  if (certificate && !is_self_issued(certificate->get())) {
    return fail(fmt::format("the certificate in {} is not self-signed", in_quotes(server_certificate_path)),
                "clients that have only this certificate would refuse the server");
  }
  return check_pair(content_at(files, server_key_path), server_key_path,
                    content_at(files, server_certificate_path), server_certificate_path);
}

// The clients by name, with every certificate that the folders have.
Result<std::map<std::string, Client>> collect_clients(const IdentityFiles& files) {
  std::map<std::string, Client> clients;
  for (const auto& [path, content] : files) {
    const auto place = parse_identity_path(path);
    if (!place || place->client.empty()) continue;
    Client& client = clients[place->client];
    client.name = place->client;
    if (place->kind == IdentityFileKind::client_pem) {
      client.has_key = true;
      continue;
    }
    auto certificate = parse_certificate(content, path);
    if (!certificate) return std::unexpected(std::move(certificate.error()));
    auto& certificates =
        place->kind == IdentityFileKind::revoked_certificate ? client.revoked : client.allowed;
    certificates.push_back(std::move(*certificate));
  }
  return clients;
}

Result<void> check_client_key(const IdentityFiles& files, const Client& client) {
  const std::string path = client_pem_path(client.name);
  const std::string_view pem = content_at(files, path);
  const auto certificate = check_pair(pem, path, pem, path);
  if (!certificate) return std::unexpected(certificate.error());
  if (std::ranges::find(client.allowed, *certificate) != client.allowed.end()) return {};
  return fail(fmt::format("the certificate in {} is not among the allowed ones of {}", in_quotes(path),
                          in_quotes(client.name)));
}

}  // namespace

Result<Certificate> certificate_value(X509* certificate, std::string_view where) {
  Certificate value;
  value.der = der_of(certificate);
  std::array<std::uint8_t, SHA256_DIGEST_LENGTH> digest{};
  SHA256(value.der.data(), value.der.size(), digest.data());
  value.fingerprint = hex(digest);
  value.common_name = common_name_of(certificate);
  const auto not_before = seconds_of(X509_get0_notBefore(certificate));
  const auto not_after = seconds_of(X509_get0_notAfter(certificate));
  if (value.der.empty() || !not_before || !not_after) {
    return fail(fmt::format("bad certificate in {}", in_quotes(where)));
  }
  value.not_before = *not_before;
  value.not_after = *not_after;
  return value;
}

Result<Certificate> parse_certificate(std::string_view pem, std::string_view where) {
  const auto certificate = parse_x509(pem, where);
  if (!certificate) return std::unexpected(certificate.error());
  if (is_damaged(certificate->get()))
    return fail(fmt::format("the certificate in {} is damaged", in_quotes(where)));
  return certificate_value(certificate->get(), where);
}

std::vector<std::string_view> certificates_in(std::string_view pem) {
  constexpr std::string_view end_line = "-----END CERTIFICATE-----";
  std::vector<std::string_view> pieces;
  for (auto end = pem.find(end_line); end != std::string_view::npos; end = pem.find(end_line)) {
    pieces.push_back(pem.substr(0, end + end_line.size()));
    pem.remove_prefix(end + end_line.size());
  }
  return pieces.empty() ? std::vector{pem} : pieces;
}

Result<Certificate> read_certificate(const std::filesystem::path& path) {
  const auto pem = read_file(path, largest_identity_file);
  if (!pem) return std::unexpected(pem.error());
  return parse_certificate(*pem, path.native());
}

Result<Certificate> check_pair(std::string_view key_pem, std::string_view key_where,
                               std::string_view certificate_pem, std::string_view certificate_where) {
  const KeyPtr key = parse_key(key_pem);
  if (!key) {
    return fail(fmt::format("no usable private key in {}: {}", in_quotes(key_where), openssl_reason()),
                "a key must be in PEM form and not encrypted");
  }
  const auto certificate = parse_x509(certificate_pem, certificate_where);
  if (!certificate) return std::unexpected(certificate.error());
  if (EVP_PKEY_get_security_bits(key.get()) < least_security_bits) {
    return fail(fmt::format("the key in {} is too weak for TLS", in_quotes(key_where)),
                "RSA needs 2048 bits; make a new identity with pizwg setup");
  }
  EVP_PKEY* public_key = X509_get0_pubkey(certificate->get());
  if (!public_key || !belong_together(key.get(), public_key)) {
    const std::string where = key_where == certificate_where ? "in " + in_quotes(key_where)
                                                             : fmt::format("{} and {}", in_quotes(key_where),
                                                                           in_quotes(certificate_where));
    return fail(fmt::format("key and certificate do not belong together: {}", where));
  }
  return parse_certificate(certificate_pem, certificate_where);
}

Result<Identity> check_identity(const IdentityFiles& files) {
  Identity identity;
  auto server = check_server(files);
  if (!server) return std::unexpected(std::move(server.error()));
  identity.server = std::move(*server);
  auto clients = collect_clients(files);
  if (!clients) return std::unexpected(std::move(clients.error()));
  for (auto& [name, client] : *clients) {
    if (client.has_key) {
      if (auto checked = check_client_key(files, client); !checked) return std::unexpected(checked.error());
    }
    identity.clients.push_back(std::move(client));
  }
  return identity;
}

}  // namespace pizwg
