#pragma once
// What a command of pizwg is: one row of the table that is parsed by, and that the help is made of. To add a
// command, write its file and add its row in commands.cpp.

#include <expected>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace pizwg {

enum class ExitStatus { done = 0, failed = 1, usage = 2 };

// Why a command ended, and with which status. Made from an Error it is a plain failure.
struct Failure {
  Failure(Error why, ExitStatus how = ExitStatus::failed) : error(std::move(why)), status(how) {}
  Error error;
  ExitStatus status;
};
using Outcome = std::expected<void, Failure>;

// The command line was wrong, not the world.
inline std::unexpected<Failure> misused(std::string what, std::string hint = {}) {
  return std::unexpected(Failure({std::move(what), std::move(hint)}, ExitStatus::usage));
}

struct Option {
  std::string_view name;   // "--key"
  std::string_view value;  // "p256|rsa4096"; empty for a flag
  std::string_view help;   // one line, or several; at most 54 columns
};

// What the user gave, checked against the command's row.
struct Arguments {
  std::filesystem::path root = "/";
  std::map<std::string, std::string, std::less<>> options;  // a flag has the value ""
  std::vector<std::string> operands;

  bool has(std::string_view option) const { return options.contains(option); }
  std::string value(std::string_view option, std::string_view otherwise) const {
    const auto found = options.find(option);
    return found == options.end() ? std::string(otherwise) : found->second;
  }
};

enum class Operand { none, optional, required };

struct Command {
  std::string_view name;  // "setup", "client add"
  Operand operand = Operand::none;
  std::string_view operand_name = {};  // "NAME"
  std::string_view summary = {};       // one line, for the list
  std::string_view details = {};       // what the command does, at most 80 columns
  std::vector<Option> options = {};
  Outcome (*run)(const Arguments&) = nullptr;
};

std::span<const Command> commands();

// The command of one or two words that `words` begins with, or null.
const Command* find_command(std::span<const std::string> words);

Outcome run_setup(const Arguments& arguments);
Outcome run_backup(const Arguments& arguments);
Outcome run_restore(const Arguments& arguments);
Outcome run_client_add(const Arguments& arguments);
Outcome run_client_list(const Arguments& arguments);
Outcome run_client_revoke(const Arguments& arguments);
Outcome run_status(const Arguments& arguments);
Outcome run_doctor(const Arguments& arguments);
Outcome run_handover(const Arguments& arguments);
Outcome run_maintenance_on(const Arguments& arguments);
Outcome run_maintenance_off(const Arguments& arguments);
Outcome run_prove(const Arguments& arguments);
Outcome run_provision(const Arguments& arguments);
Outcome run_upgrade(const Arguments& arguments);

}  // namespace pizwg
