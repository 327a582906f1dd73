#pragma once
// One line per transition: a sentence, then key=value. To standard error, with journald's priority prefix
// when the journal reads it. Never keys, never serial payload.
//
// error: we failed at our job; warning: somebody else misbehaved; notice: state changed; info: golden path.

#include <initializer_list>
#include <string>
#include <string_view>

namespace pizwg::log {

enum class Level { error, warning, notice, info };

struct Field {
  std::string_view key;
  std::string value;
};
using Fields = std::initializer_list<Field>;

void error(std::string_view sentence, Fields fields = {});
void warning(std::string_view sentence, Fields fields = {});
void notice(std::string_view sentence, Fields fields = {});
void info(std::string_view sentence, Fields fields = {});

// The line without prefix or newline. A value with anything but plain graphic characters is quoted and
// escaped, so that what a peer sends (a certificate's name) can forge neither a line nor a field.
std::string format_line(std::string_view sentence, Fields fields);

}  // namespace pizwg::log
