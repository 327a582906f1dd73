// What passes between a driver and a stick: nothing is added, nothing is changed, and what comes out does not
// depend on how it was cut.

#include "core/zwave_framing.h"
#include "target.h"

using namespace pizwg;

namespace {

std::vector<std::uint8_t> pass(std::span<const std::uint8_t> bytes, std::size_t piece) {
  ZwaveFraming framing;
  UnitBuffer out;
  const ZwaveFraming::Time now{};
  while (!bytes.empty()) {
    const auto some = bytes.first(std::min(piece, bytes.size()));
    framing.push(some, now, out);
    bytes = bytes.subspan(some.size());
  }
  return {out.bytes().begin(), out.bytes().end()};
}

bool is_part_of(std::span<const std::uint8_t> part, std::span<const std::uint8_t> whole) {
  for (const std::uint8_t byte : whole) {
    if (!part.empty() && part.front() == byte) part = part.subspan(1);
  }
  return part.empty();
}

}  // namespace

std::vector<std::string> seeds() {
  return {std::string("\x06\x01\x03\x00\x15\xE9\x06\x01\x04\x01\x13\x01\xE8\x18\x15", 15),
          std::string("\x01\x09\x00\x13\x02\x02\x84\x02\x05\x25\x46\r\nGecko Bootloader v1.0\r\nBL > ", 38)};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  const auto whole = pass(bytes, size + 1);
  require(pass(bytes, 1) == whole && pass(bytes, 5) == whole, "it depends on the pieces");
  require(is_part_of(whole, bytes), "something was added or changed");
  return 0;
}
