#include "pizwg/new_certificate.h"

#include <array>
#include <fmt/format.h>

#include "base/text.h"
#include "core/date.h"
#include "pizwg/output.h"

namespace pizwg {
namespace {

namespace chrono = std::chrono;

std::expected<KeyType, Failure> requested_key(const std::string& name) {
  static constexpr std::array<std::string_view, 2> names{"p256", "rsa4096"};
  if (name == names[0]) return KeyType::p256;
  if (name == names[1]) return KeyType::rsa4096;
  const auto meant = did_you_mean(name, names);
  return misused("unknown key type " + in_quotes(name),
                 meant ? fmt::format("did you mean {}?", *meant) : "p256 or rsa4096");
}

// The clock of a host may be wrong, so "past" is a warning and never a refusal.
void warn_of_last_day(chrono::sys_days day) {
  if (end_of(day) < chrono::system_clock::now()) {
    warn(fmt::format("by this host's clock, {} is past: nobody would accept the certificate",
                     format_date(day)));
  }
  if (day > last_safe_day) {
    warn(fmt::format("a client with 32-bit time believes no date after {} and would refuse the certificate",
                     format_date(last_safe_day)));
  }
}

std::expected<chrono::sys_days, Failure> requested_last_day(const std::string& text) {
  const auto day = parse_date(text);
  if (!day) return std::unexpected(Failure(day.error(), ExitStatus::usage));
  if (*day <= first_valid_day) {
    return misused(fmt::format("{} is not after {}, from which day on certificates are valid",
                               in_quotes(text), format_date(first_valid_day)));
  }
  warn_of_last_day(*day);
  return *day;
}

}  // namespace

std::vector<Option> new_certificate_options() {
  return {{"--key", "p256|rsa4096", "the kind of key; p256 unless told otherwise"},
          {"--not-after", "YYYY-MM-DD", "the last day of validity; 2038-01-17 unless told\notherwise"}};
}

std::expected<IdentityRequest, Failure> requested_certificate(const Arguments& arguments) {
  const auto key = requested_key(arguments.value("--key", "p256"));
  if (!key) return std::unexpected(key.error());
  const auto last_day = requested_last_day(arguments.value("--not-after", format_date(last_safe_day)));
  if (!last_day) return std::unexpected(last_day.error());
  IdentityRequest request;
  request.key = *key;
  request.not_before = first_valid_day;
  request.not_after = end_of(*last_day);
  return request;
}

Result<void> add_new_client(IdentityFiles& files, const std::string& name, IdentityRequest request) {
  request.common_name = name;
  request.use = CertificateUse::client;
  auto made = make_identity(request);
  if (!made) return std::unexpected(std::move(made.error()));
  files[client_pem_path(name)] = made->key + made->certificate;
  files[allowed_path(name, name + ".crt")] = std::move(made->certificate);
  return {};
}

}  // namespace pizwg
