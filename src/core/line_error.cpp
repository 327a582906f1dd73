#include "core/line_error.h"

namespace pizwg {

std::string_view word_for(LineError error) {
  switch (error) {
    case LineError::framing:
      return "framing";
    case LineError::parity:
      return "parity";
    case LineError::overrun:
      return "overrun";
    case LineError::line_break:
      return "break";
    case LineError::buffer_overrun:
      return "buffer-overrun";
  }
  return "";
}

}  // namespace pizwg
