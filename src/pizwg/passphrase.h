#pragma once
// The passphrase of an encrypted backup, from where the user said: a file, or else the terminal.

#include "adapters/terminal.h"
#include "pizwg/command.h"

namespace pizwg {

Result<std::string> obtain_passphrase(const Arguments& arguments, Ask ask);

// Overwritten when it is no longer needed, so that it is in no core dump.
class Secret {
 public:
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace pizwg
