#include "core/unit_buffer.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace pizwg {

void UnitBuffer::add_frame(std::span<const std::uint8_t> frame) {
  frames_.push_back({data_.size(), data_.size() + frame.size()});
  add_raw(frame);
}

void UnitBuffer::add_raw(std::span<const std::uint8_t> bytes) {
  data_.insert(data_.end(), bytes.begin(), bytes.end());
}

void UnitBuffer::add(const UnitBuffer& other) {
  assert(other.begin_ == 0);
  for (const Span& frame : other.frames_) {
    frames_.push_back({data_.size() + frame.begin, data_.size() + frame.end});
  }
  add_raw(other.data_);
}

void UnitBuffer::keep_frames_only() {
  assert(begin_ == 0);
  UnitBuffer kept;
  for (const Span& frame : frames_) {
    kept.add_frame(std::span(data_).subspan(frame.begin, frame.end - frame.begin));
  }
  *this = std::move(kept);
}

void UnitBuffer::took(std::size_t count) {
  assert(count <= data_.size() - begin_);
  begin_ += count;
  if (empty()) clear();
}

std::size_t UnitBuffer::drop_not_begun() {
  const auto begun = std::ranges::find_if(
      frames_, [this](const Span& frame) { return frame.begin < begin_ && begin_ < frame.end; });
  if (begun == frames_.end()) return clear();
  const std::size_t dropped = data_.size() - begun->end;
  data_.resize(begun->end);
  frames_.erase(begun + 1, frames_.end());
  return dropped;
}

std::size_t UnitBuffer::clear() {
  const std::size_t dropped = data_.size() - begin_;
  data_.clear();
  frames_.clear();
  begin_ = 0;
  return dropped;
}

}  // namespace pizwg
