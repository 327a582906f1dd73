#pragma once
// Whether somebody could guess their way in: what the files of the login system say.

#include <optional>
#include <string_view>
#include <vector>

namespace pizwg {

// Of /etc/shadow: whether root has no password that could be typed. Empty: root is not in it.
std::optional<bool> root_password_locked(std::string_view shadow);

// Of sshd's configuration files in the order in which it reads them: the first word on it counts. The default
// is yes. Match blocks are left out.
bool ssh_password_login(const std::vector<std::string_view>& files);

}  // namespace pizwg
