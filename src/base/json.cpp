#include "base/json.h"

#include <fmt/format.h>

namespace pizwg {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte >= 0x7f) {
      out += fmt::format("\\u{:04x}", byte);  // a byte of UTF-8 as Latin-1: what we say is ASCII
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string indented(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

}  // namespace

JsonObject& JsonObject::add_raw(std::string_view key, std::string_view value) {
  members_ += fmt::format("{}\n  {}: {}", members_.empty() ? "" : ",", quoted(key), indented(value));
  return *this;
}

JsonObject& JsonObject::add(std::string_view key, std::string_view value) {
  return add_raw(key, quoted(value));
}

JsonObject& JsonObject::add(std::string_view key, bool value) {
  return add_raw(key, value ? "true" : "false");
}

JsonObject& JsonObject::add(std::string_view key, std::uint64_t value) {
  return add_raw(key, std::to_string(value));
}

JsonObject& JsonObject::add(std::string_view key, double value) {
  return add_raw(key, fmt::format("{}", value));
}

JsonObject& JsonObject::add(std::string_view key, const JsonObject& value) {
  return add_raw(key, value.text());
}

JsonObject& JsonObject::add(std::string_view key, const std::vector<JsonObject>& values) {
  std::string list = "[";
  for (const JsonObject& value : values) {
    list += fmt::format("{}\n  {}", list.size() > 1 ? "," : "", indented(value.text()));
  }
  return add_raw(key, values.empty() ? "[]" : list + "\n]");
}

JsonObject& JsonObject::add(std::string_view key, const std::optional<bool>& value) {
  return value ? add(key, *value) : add_null(key);
}

JsonObject& JsonObject::add_null(std::string_view key) {
  return add_raw(key, "null");
}

std::string JsonObject::text() const {
  return members_.empty() ? "{}" : fmt::format("{{{}\n}}", members_);
}

}  // namespace pizwg
