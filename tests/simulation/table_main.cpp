// pizwg-lifecycle-table: the table of ARCHITECTURE.md.

#include <fmt/format.h>

#include "simulation/lifecycle_table.h"

int main() {
  fmt::print("{}", pizwg::simulation::markdown(pizwg::simulation::lifecycle_table()));
}
