#include "pizwg/passphrase.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/file.h"
#include "base/text.h"

namespace pizwg {
namespace {

constexpr std::size_t shortest_passphrase = 8;

Result<std::string> first_line_of(const std::string& path) {
  const auto content = read_file(path, longest_passphrase + 2);
  if (!content) return std::unexpected(content.error());
  std::string line = content->substr(0, content->find('\n'));
  if (line.ends_with('\r')) line.pop_back();
  if (line.empty()) return fail(fmt::format("there is no passphrase in {}", in_quotes(path)));
  return line;
}

}  // namespace

Result<std::string> obtain_passphrase(const Arguments& arguments, Ask ask) {
  auto passphrase = arguments.has("--passphrase-file")
                        ? first_line_of(arguments.value("--passphrase-file", ""))
                        : read_passphrase("passphrase of the backup: ", ask);
  if (!passphrase) return passphrase;
  // Asked twice is a new one; an old one may be as short as it is.
  if (ask == Ask::twice && passphrase->size() < shortest_passphrase) {
    return fail("the passphrase is too short",
                fmt::format("at least {} characters; several words are better", shortest_passphrase));
  }
  return passphrase;
}

Secret::~Secret() {
  OPENSSL_cleanse(text_.data(), text_.size());
}

}  // namespace pizwg
