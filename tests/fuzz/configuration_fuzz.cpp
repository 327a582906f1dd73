// The two configuration files: whatever is in one, it is taken whole, or refused with its place.

#include "core/config.h"
#include "core/connect_config.h"
#include "target.h"

using namespace pizwg;

std::vector<std::string> seeds() {
  return {
      "role = \"standalone\"\ndevice = \"/dev/ttyACM0\"\nbaud = 57600\nlisten_address = \"::1\"\nport = "
      "4444\n",
      "role = \"cluster\"\nhub = \"1-1\"\nhub_port = 2\nvip = \"192.168.1.254\"\npeers = [\"192.168.1.21\"]\n"
      "after_session = \"reboot\"\nenergise = \"client\"\npriority = 7\ngateway_limit_seconds = 12\n",
      "host = [\"[fe80::1]:3334\", \"pi.example\"]\ntty = \"/dev/ttyUSB254\"\ntty_mode = \"0640\"\n"
      "tcp = \"127.0.0.1:4000\"\nframing = \"none\"\non_outage = \"hangup\"\nhangup_after_seconds = 3\n",
  };
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto host = parse_config(text, "f");
  require(host || host.error().what.starts_with("f"), "a refusal without a place");
  const auto client = parse_connect_config(text, "f");
  require(client || client.error().what.starts_with("f"), "a refusal without a place");
  require(!client || client->hosts.size() <= 8, "too many hosts");
  return 0;
}
