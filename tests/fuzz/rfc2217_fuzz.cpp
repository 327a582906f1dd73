// What an application says over rfc2217://. Its answers stay few, and its data does not depend on how TCP cut
// it.

#include "core/rfc2217.h"
#include "target.h"

using namespace pizwg;

namespace {

struct Heard {
  std::vector<std::uint8_t> data;
  std::vector<std::uint8_t> replies;

  bool operator==(const Heard&) const = default;
};

Heard hear(std::span<const std::uint8_t> bytes, std::size_t piece) {
  Rfc2217 telnet(115200);
  Heard heard;
  while (!bytes.empty()) {
    const auto now = bytes.first(std::min(piece, bytes.size()));
    telnet.receive(now, heard.data, heard.replies);
    bytes = bytes.subspan(now.size());
  }
  return heard;
}

std::string text(std::initializer_list<int> bytes) {
  std::string out;
  for (const int byte : bytes) out += static_cast<char>(byte);
  return out;
}

}  // namespace

std::vector<std::string> seeds() {
  return {text({255, 253, 44, 255, 251, 44, 255, 250, 44, 1, 0, 1, 0xC2, 0, 255, 240, 1, 3, 0, 2, 0xFE}),
          text({255, 251, 0, 255, 253, 3, 255, 250, 44, 5, 8, 255, 240, 255, 255, 6}),
          text({255, 250, 44, 2, 8, 255, 240, 255, 250, 44, 12, 3, 255, 240, 255, 241, 0x41})};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span bytes(data, size);
  const Heard whole = hear(bytes, size + 1);
  require(hear(bytes, 1) == whole && hear(bytes, 7) == whole, "it depends on the pieces");
  require(whole.data.size() <= size, "data grew");
  require(whole.replies.size() <= 4 * size + 64, "more was answered than was asked");
  std::vector<std::uint8_t> escaped;
  Rfc2217::escape(whole.data, escaped);
  require(hear(escaped, 5).data == whole.data, "what was escaped reads differently");
  return 0;
}
