#pragma once
// JSON as our programs write it: objects whose keys keep their order, indented by two. Does not read it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pizwg {

class JsonObject {
 public:
  JsonObject& add(std::string_view key, std::string_view value);
  JsonObject& add(std::string_view key, const char* value) { return add(key, std::string_view(value)); }
  JsonObject& add(std::string_view key, bool value);
  JsonObject& add(std::string_view key, std::uint64_t value);
  JsonObject& add(std::string_view key, double value);
  JsonObject& add(std::string_view key, const JsonObject& value);
  JsonObject& add(std::string_view key, const std::vector<JsonObject>& values);
  JsonObject& add_null(std::string_view key);

  // null for nothing. Not inline for bool: GCC 12 takes its value for uninitialised.
  JsonObject& add(std::string_view key, const std::optional<bool>& value);
  template <typename Value>
  JsonObject& add(std::string_view key, const std::optional<Value>& value) {
    return value ? add(key, *value) : add_null(key);
  }

  // Without a newline at its end.
  std::string text() const;

 private:
  JsonObject& add_raw(std::string_view key, std::string_view value);

  std::string members_;  // indented by two, the first line too
};

}  // namespace pizwg
