#pragma once
// `pizwg-connect status`: asks a running pizwg-connect how it is.

#include "connect/options.h"

namespace pizwg {

// The exit status: 0 connected, 1 not, or nobody to ask. With --alive 0 whenever there is an answer: a server
// that is away is no reason to start it anew.
int print_status(const ConnectOptions& options);

}  // namespace pizwg
