#pragma once
// What a UART can find wrong with the bytes that arrive: one word for metrics and documents alike.

#include <string_view>

namespace pizwg {

enum class LineError {
  framing,         // no stop bit: another speed, or a bad cable
  parity,          // a driver may use it for damage that it noticed otherwise
  overrun,         // the UART's own buffer was full
  line_break,      // the line was held down
  buffer_overrun,  // the kernel's buffer was full: nobody read
};

// E.g. "buffer-overrun".
std::string_view word_for(LineError error);

}  // namespace pizwg
