#pragma once
// Prometheus' text format: writing it, and reading the lines of it that are of interest. Does not know what
// the metrics mean.

#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pizwg {

enum class MetricType { gauge, counter };

class MetricText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // What follows belongs to this metric. One without a sample leaves no trace.
  void family(std::string_view name, MetricType type, std::string_view help);
  // The same labels a second time are left out: the node exporter takes nothing of a page that has them
  // twice.
  void add(double value, Labels labels = {});
  void add(bool value, Labels labels = {}) { add(value ? 1.0 : 0.0, labels); }
  // Nothing, for what is not known.
  void add(const std::optional<bool>& value);

  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::string name_;
  std::string head_;             // of the family, while it has no sample
  std::set<std::string> added_;  // its samples' labels
};

struct MetricSample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;

  // "" when there is no such label.
  std::string_view label(std::string_view label_name) const;

  bool operator==(const MetricSample&) const = default;
};

class MetricSamples {
 public:
  // The samples whose name begins with one of `prefixes`; lines that are none are skipped, and more than a
  // few thousand are left out: the page is somebody else's.
  static MetricSamples parse(std::string_view text, std::initializer_list<std::string_view> prefixes);

  const std::vector<MetricSample>& all() const { return samples_; }
  std::vector<const MetricSample*> of(std::string_view name) const;
  // The first of that name; null when there is none.
  const MetricSample* first(std::string_view name) const;
  std::optional<double> value(std::string_view name) const;
  std::optional<bool> flag(std::string_view name) const;

 private:
  std::vector<MetricSample> samples_;
};

}  // namespace pizwg
