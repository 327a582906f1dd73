// What another host says of itself: nothing of it gets into a log or a screen that is not a word.

#include <algorithm>

#include "core/peer_message.h"
#include "target.h"

using namespace pizwg;

std::vector<std::string> seeds() {
  std::vector<std::string> lines;
  for (const auto& host : {HostSummary{"pi-1", "serving", true}, HostSummary{"pi-2", "faulty", false}}) {
    std::string line = format_peer_message(host);
    line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto host = parse_peer_message({reinterpret_cast<const char*>(data), size});
  if (!host) return 0;
  for (const std::string& word : {host->name, host->state}) {
    require(!word.empty() && word.size() <= longest_peer_message, "a word of no length");
    require(std::ranges::all_of(word, [](unsigned char c) { return c > 0x20 && c < 0x7f; }), "no word");
  }
  std::string again = format_peer_message(*host);
  require(again.size() <= longest_peer_message, "too long a message");
  again.pop_back();
  require(parse_peer_message(again) == host, "what was read is written differently");
  return 0;
}
