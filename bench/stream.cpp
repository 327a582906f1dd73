#include "stream.h"

#include <algorithm>

namespace pizwg::bench {

namespace {
// Sixteen equal bytes in a row are no accident within a window of 1 MiB.
constexpr std::size_t evidence = 16;
constexpr std::uint64_t window = 1 << 20;
}  // namespace

// splitmix64 in counter mode: any word without the ones before it.
std::uint64_t Stream::word(std::uint64_t index) const {
  std::uint64_t z = seed_ + (index + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

std::uint8_t Stream::at(std::uint64_t position) const {
  return static_cast<std::uint8_t>(word(position / 8) >> (position % 8 * 8));
}

void Stream::fill(std::uint64_t position, std::span<std::uint8_t> bytes) const {
  for (std::uint8_t& byte : bytes) byte = at(position++);
}

void StreamJudge::receive(std::span<const std::uint8_t> bytes) {
  for (const std::uint8_t byte : bytes) {
    if (undecided_.empty() && byte == stream_.at(position_)) {
      ++position_;
      continue;
    }
    undecided_.push_back(byte);
    if (undecided_.size() == evidence) judge_mismatch();
  }
}

bool StreamJudge::continues_at(std::uint64_t position) const {
  for (const std::uint8_t byte : undecided_) {
    if (byte != stream_.at(position++)) return false;
  }
  return true;
}

// The bytes between position_ and `position` are missing, and in their place came the unplaced ones: as many
// of them as fit are corrupt, what is over is extra, what is short was lost. Going back means that bytes came
// twice.
bool StreamJudge::resume_at(std::uint64_t position) {
  if (!continues_at(position)) return false;
  const std::uint64_t gap = position > position_ ? position - position_ : 0;
  const std::uint64_t corrupt = std::min(gap, unplaced_);
  faults_.corrupt += corrupt;
  faults_.lost += gap - corrupt;
  faults_.extra += unplaced_ - corrupt;
  if (position < position_) faults_.extra += position_ - position;
  unplaced_ = 0;
  position_ = position + undecided_.size();
  undecided_.clear();
  return true;
}

// The nearest place where the stream goes on explains a mismatch. Nowhere: the oldest byte has no place, look
// again with the next one. Past a thousand of these the stream is ruined, and looking for its pieces would
// only take time.
void StreamJudge::judge_mismatch() {
  constexpr std::uint64_t ruined = 1000;
  for (std::uint64_t distance = 0; distance <= window && unplaced_ <= ruined; ++distance) {
    if (resume_at(position_ + distance)) return;
    if (distance <= position_ && resume_at(position_ - distance)) return;
  }
  undecided_.pop_front();
  ++unplaced_;
}

Faults StreamJudge::conclude(std::uint64_t sent) {
  // What never found its place again stands where bytes of the stream should stand, byte for byte.
  const std::uint64_t rest = sent > position_ ? sent - position_ : 0;
  const std::uint64_t replaced = std::min(rest, unplaced_ + undecided_.size());
  std::uint64_t intact = 0;
  for (std::size_t i = 0; i < undecided_.size() && unplaced_ + i < rest; ++i) {
    if (undecided_[i] == stream_.at(position_ + unplaced_ + i)) ++intact;
  }
  faults_.corrupt += replaced - intact;
  faults_.lost += rest - replaced;
  faults_.extra += unplaced_ + undecided_.size() - replaced;
  if (position_ > sent) faults_.extra += position_ - sent;
  return faults_;
}

}  // namespace pizwg::bench
