#pragma once
// The options --key and --not-after, which every command has that makes certificates, and what they ask for.

#include <vector>

#include "adapters/new_identity.h"
#include "core/identity_paths.h"
#include "pizwg/command.h"

namespace pizwg {

std::vector<Option> new_certificate_options();

// A request with everything but the name and the use. Warns of a last day that is unwise.
std::expected<IdentityRequest, Failure> requested_certificate(const Arguments& arguments);

// Adds the files of a new client: its key with its certificate, and the copy that it is pinned by.
Result<void> add_new_client(IdentityFiles& files, const std::string& name, IdentityRequest request);

}  // namespace pizwg
