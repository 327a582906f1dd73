#include "adapters/host_name.h"

#include <array>
#include <unistd.h>

#include "core/peer_message.h"

namespace pizwg {

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return host_name_for(name.data());
}

}  // namespace pizwg
