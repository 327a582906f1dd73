#pragma once
// The help, made of the command table. 80 columns; the list fits a screen of 24 lines.

#include <string>

#include "pizwg/command.h"

namespace pizwg {

std::string help_of_program();
std::string help_of(const Command& command);

}  // namespace pizwg
