#include <algorithm>

#include "pizwg/command.h"
#include "pizwg/new_certificate.h"

namespace pizwg {

std::span<const Command> commands() {
  static const std::vector<Command> table{
      {.name = "setup",
       .summary = "make the identity of the server and of one client",
       .details = "Makes keys and certificates for pizwg-server and pizwg-client, and a backup of\n"
                  "them. Once, on one host only: every other host takes the backup (pizwg restore).\n",
       .options = new_certificate_options(),
       .run = run_setup},
  };
  return table;
}

const Command* find_command(std::span<const std::string> words) {
  for (std::size_t count : {2U, 1U}) {
    if (words.size() < count) continue;
    const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
    const auto found = std::ranges::find(commands(), name, &Command::name);
    if (found != commands().end()) return &*found;
  }
  return nullptr;
}

}  // namespace pizwg
