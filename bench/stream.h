#pragma once
// An endless stream of pseudo-random bytes that any position can be computed of, and the judge of a received
// one: which bytes were lost, which are corrupt, which are extra. The stream tells its bytes apart within a
// window of 1 MiB.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>

namespace pizwg::bench {

class Stream {
 public:
  explicit Stream(std::uint64_t seed) : seed_(seed) {}
  std::uint8_t at(std::uint64_t position) const;
  void fill(std::uint64_t position, std::span<std::uint8_t> bytes) const;

 private:
  std::uint64_t word(std::uint64_t index) const;
  std::uint64_t seed_;
};

struct Faults {
  std::uint64_t lost = 0;
  std::uint64_t corrupt = 0;
  std::uint64_t extra = 0;
};

class StreamJudge {
 public:
  explicit StreamJudge(Stream stream) : stream_(stream) {}

  void receive(std::span<const std::uint8_t> bytes);

  // Judges what is still undecided: `sent` is how many bytes the sender gave away. Call once, at the end.
  Faults conclude(std::uint64_t sent);

  // How many bytes of the stream have been accounted for.
  std::uint64_t position() const { return position_; }

 private:
  void judge_mismatch();
  bool continues_at(std::uint64_t position) const;
  bool resume_at(std::uint64_t position);

  Stream stream_;
  std::uint64_t position_ = 0;
  std::uint64_t unplaced_ = 0;  // bytes received at position_ that belong nowhere near
  std::deque<std::uint8_t>
      undecided_;  // a mismatch and what came after it, until there is enough to place it
  Faults faults_;
};

}  // namespace pizwg::bench
