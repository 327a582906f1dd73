// The archive that pizwg-connect takes its keys out of: whatever the bytes are, no more than is there is
// given back.

#include <array>
#include <cstring>

#include "core/tar_member.h"
#include "target.h"

using namespace pizwg;

namespace {

constexpr std::size_t block_size = 512;

// As in ustar: name, mode, owners, size, time, check sum, type, magic.
std::string member(std::string_view name, std::string_view content) {
  std::array<char, block_size> header{};
  std::memcpy(header.data(), name.data(), name.size());
  std::snprintf(&header[100], 8, "%07o", 0600);
  std::snprintf(&header[124], 12, "%011zo", content.size());
  std::memset(&header[148], ' ', 8);
  header[156] = '0';
  std::memcpy(&header[257], "ustar\00000", 8);
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::snprintf(&header[148], 8, "%06o", sum);
  std::string bytes(header.data(), header.size());
  bytes += content;
  bytes.resize((bytes.size() + block_size - 1) / block_size * block_size, '\0');
  return bytes;
}

constexpr const char* wanted = "root/pizwg-client.pem";

}  // namespace

std::vector<std::string> seeds() {
  const std::string end(2 * block_size, '\0');
  return {member("etc/ser2net/ser2net.crt", std::string(700, 'c')) + member(wanted, "key") + end,
          member("./root/pizwg-client.pem", std::string(512, 'k')) + end, member(wanted, "") + end};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto content = read_tar_member({reinterpret_cast<const char*>(data), size}, wanted);
  if (content) {
    require(content->size() <= size, "more than there is");
  } else {
    require(!content.error().what.empty(), "a refusal without a reason");
  }
  return 0;
}
