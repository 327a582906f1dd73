#pragma once
// What a batch of runs has covered, for people and for the test that fails when it is too little.

#include <string>

#include "simulation/coverage.h"

namespace pizwg::simulation {

void report(const Coverage& coverage);

// Kinds of faults, and state-event pairs that lead somewhere, that no run has had; a line each.
std::string what_is_missing(const Coverage& coverage);

}  // namespace pizwg::simulation
