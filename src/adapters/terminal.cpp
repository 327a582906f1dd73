#include "adapters/terminal.h"

#include <array>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/unique_fd.h"

namespace pizwg {

Result<std::string> read_passphrase(const std::string& prompt, Ask ask) {
  // Without a terminal OpenSSL would read standard input.
  if (const UniqueFd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)); !terminal) {
    return fail("there is no terminal to ask for the passphrase",
                "name a file that has it: --passphrase-file FILE");
  }
  std::array<char, longest_passphrase + 1> buffer{};
  // It puts the terminal back also when it is interrupted.
  const int status =
      EVP_read_pw_string(buffer.data(), longest_passphrase, prompt.c_str(), ask == Ask::twice ? 1 : 0);
  std::string passphrase = status == 0 ? std::string(buffer.data()) : std::string();
  OPENSSL_cleanse(buffer.data(), buffer.size());
  if (status != 0) return fail("no passphrase was given");
  return passphrase;
}

}  // namespace pizwg
