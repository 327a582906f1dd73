// The page that `pizwg status --host` reads from somebody's port 9100: whatever it is, it is refused, or can
// be shown.

#include <algorithm>

#include "core/host_examples.h"
#include "core/metrics.h"
#include "core/status_json.h"
#include "core/status_screen.h"
#include "target.h"

using namespace pizwg;

namespace {

bool is_control(char c) {
  return c != '\n' && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f);
}

}  // namespace

std::vector<std::string> seeds() {
  return {render_metrics(examples::serving_master()), render_metrics(examples::standby()),
          render_metrics(examples::faulty())};
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto status = read_metrics({reinterpret_cast<const char*>(data), size});
  if (!status) {
    require(!status.error().what.empty(), "a refusal without a reason");
    return 0;
  }
  const std::vector<HostAnswer> answers{{.asked = "host", .status = *status}};
  for (const std::string& shown : {status_screen(*status, Colour::no), cluster_table(answers, Colour::no),
                                   status_json(*status), cluster_json(answers)}) {
    require(std::ranges::none_of(shown, is_control), "the page can move the reader's cursor");
  }
  return 0;
}
