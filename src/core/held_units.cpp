#include "core/held_units.h"

#include <utility>

namespace pizwg {

std::size_t HeldUnits::add(UnitBuffer units, Time now) {
  if (units.empty()) return 0;
  bytes_ += units.bytes().size();
  held_.push_back({now, std::move(units)});
  std::size_t dropped = 0;
  while (!held_.empty() && (bytes_ > most_bytes || now - held_.front().since >= limit))
    dropped += drop_first();
  return dropped;
}

std::size_t HeldUnits::drop_old(Time now) {
  std::size_t dropped = 0;
  while (!held_.empty() && now - held_.front().since >= limit) dropped += drop_first();
  return dropped;
}

std::size_t HeldUnits::take(Time now, UnitBuffer& out) {
  const std::size_t dropped = drop_old(now);
  for (const Held& held : held_) out.add(held.units);
  clear();
  return dropped;
}

std::size_t HeldUnits::drop_first() {
  const std::size_t size = held_.front().units.bytes().size();
  bytes_ -= size;
  held_.pop_front();
  return size;
}

std::size_t HeldUnits::clear() {
  held_.clear();
  return std::exchange(bytes_, 0);
}

}  // namespace pizwg
