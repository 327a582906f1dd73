#pragma once
// What came of one read or write that does not block.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace pizwg {

using Bytes = std::span<const std::uint8_t>;
using Buffer = std::span<std::uint8_t>;

enum class IoStatus {
  done,        // `bytes` of them, at least one
  want_read,   // try again when readable (over TLS a write may need that, too)
  want_write,  // try again when writable
  closed,      // the other side said goodbye, or the device is gone
  failed,      // `error_number` and `detail` say why
};

struct IoOutcome {
  IoStatus status = IoStatus::done;
  std::size_t bytes = 0;
  int error_number = 0;  // errno, when it was the system; otherwise 0
  std::string detail{};  // for logs
};

}  // namespace pizwg
