#include "core/metric_text.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace pizwg {
namespace {

constexpr std::size_t most_samples = 4096;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::string in_braces(MetricText::Labels labels) {
  std::string out;
  for (const auto& [name, text] : labels) {
    out += fmt::format("{}{}=\"{}\"", out.empty() ? '{' : ',', name, escaped(text));
  }
  return out.empty() ? out : out + '}';
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}

std::string_view take_name(std::string_view& rest) {
  const auto end = std::ranges::find_if_not(rest, is_name_character);
  const auto length = static_cast<std::size_t>(end - rest.begin());
  const std::string_view name = rest.substr(0, length);
  rest.remove_prefix(length);
  return name;
}

bool take(std::string_view& rest, std::string_view expected) {
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(expected.size());
  return true;
}

// The text up to the closing quote, which is taken too.
std::optional<std::string> take_quoted(std::string_view& rest) {
  std::string text;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return text;
    }
    if (rest[i] == '\\' && i + 1 < rest.size()) {
      ++i;
      text += rest[i] == 'n' ? '\n' : rest[i];
    } else {
      text += rest[i];
    }
  }
  return std::nullopt;
}

bool take_labels(std::string_view& rest, MetricSample& sample) {
  if (!take(rest, "{")) return true;
  while (!take(rest, "}")) {
    std::string name(take_name(rest));
    if (name.empty() || !take(rest, "=\"")) return false;
    auto value = take_quoted(rest);
    if (!value) return false;
    sample.labels.emplace_back(std::move(name), std::move(*value));
    take(rest, ",");
  }
  return true;
}

// The value ends at a space: a time may follow.
bool take_value(std::string_view& rest, double& value) {
  if (!take(rest, " ")) return false;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  return error == std::errc() && (end == rest.data() + rest.size() || *end == ' ');
}

std::optional<MetricSample> parse_line(std::string_view line) {
  MetricSample sample;
  sample.name = take_name(line);
  if (sample.name.empty() || !take_labels(line, sample) || !take_value(line, sample.value))
    return std::nullopt;
  return sample;
}

}  // namespace

void MetricText::family(std::string_view name, MetricType type, std::string_view help) {
  name_ = name;
  added_.clear();
  head_ = fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                      type == MetricType::gauge ? "gauge" : "counter");
}

void MetricText::add(double value, Labels labels) {
  const std::string written = in_braces(labels);
  if (!added_.insert(written).second) return;
  text_ += std::exchange(head_, {});
  text_ += fmt::format("{}{} {}\n", name_, written, value);
}

void MetricText::add(const std::optional<bool>& value) {
  if (value) add(*value);
}

std::string_view MetricSample::label(std::string_view label_name) const {
  const auto found = std::ranges::find(labels, label_name, &std::pair<std::string, std::string>::first);
  return found == labels.end() ? std::string_view() : std::string_view(found->second);
}

MetricSamples MetricSamples::parse(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  MetricSamples samples;
  while (!text.empty() && samples.samples_.size() < most_samples) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto wanted = [line](std::string_view prefix) { return line.starts_with(prefix); };
    if (std::ranges::none_of(prefixes, wanted)) continue;
    if (auto sample = parse_line(line)) samples.samples_.push_back(std::move(*sample));
  }
  return samples;
}

std::vector<const MetricSample*> MetricSamples::of(std::string_view name) const {
  std::vector<const MetricSample*> found;
  for (const MetricSample& sample : samples_) {
    if (sample.name == name) found.push_back(&sample);
  }
  return found;
}

const MetricSample* MetricSamples::first(std::string_view name) const {
  const auto found = std::ranges::find(samples_, name, &MetricSample::name);
  return found == samples_.end() ? nullptr : &*found;
}

std::optional<double> MetricSamples::value(std::string_view name) const {
  const MetricSample* sample = first(name);
  return sample == nullptr ? std::nullopt : std::optional(sample->value);
}

std::optional<bool> MetricSamples::flag(std::string_view name) const {
  const auto found = value(name);
  return found ? std::optional(*found != 0) : std::nullopt;
}

}  // namespace pizwg
