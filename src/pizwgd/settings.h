#pragma once
// The configuration that is in force: the file's, with what the command line overrides.

#include "base/error.h"
#include "core/config.h"
#include "pizwgd/options.h"

namespace pizwg {

// Without a file, the defaults do, if the command line says what is to be done.
Result<Config> read_settings(const Options& options);

}  // namespace pizwg
