#pragma once
// What pizwg does on a host that was made from the image (packaging/appliance), and on no other.

#include <filesystem>

namespace pizwg {

// A host with an identity is in use: where root has a key, a password lets nobody in any more. Says what was
// done. Nothing on other machines, or when `root` is not the machine's own.
void close_password_login(const std::filesystem::path& root);

}  // namespace pizwg
