#include <string>

#include "pizwg/order.h"

namespace pizwg {

Outcome run_handover(const Arguments& arguments) {
  if (arguments.has("--wait-dark")) return order_daemon("handover force dark");
  return order_daemon(arguments.has("--force") ? "handover force" : "handover");
}

Outcome run_maintenance_on(const Arguments&) {
  return order_daemon("maintenance on");
}

Outcome run_maintenance_off(const Arguments&) {
  return order_daemon("maintenance off");
}

Outcome run_prove(const Arguments& arguments) {
  return order_daemon(arguments.has("--force") ? "prove force" : "prove");
}

}  // namespace pizwg
