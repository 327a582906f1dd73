#pragma once
// Bytes on their way out, some of which belong together: a frame of which a part is out must go on to its
// end, whatever happens to what comes after it. Grows to what one read can complete, and then no more.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pizwg {

class UnitBuffer {
 public:
  void add_frame(std::span<const std::uint8_t> frame);
  void add_raw(std::span<const std::uint8_t> bytes);

  bool empty() const { return begin_ == data_.size(); }
  std::span<const std::uint8_t> bytes() const { return std::span(data_).subspan(begin_); }
  // The first `count` of them are out.
  void took(std::size_t count);

  void add(const UnitBuffer& other);

  // Forgets what is not a frame; not to be called when some of it is out.
  void keep_frames_only();
  // Forgets everything except the rest of a frame that has begun to go out; how many bytes that were.
  std::size_t drop_not_begun();
  // Forgets everything; how many bytes that were.
  std::size_t clear();

 private:
  struct Span {
    std::size_t begin;
    std::size_t end;
  };

  std::vector<std::uint8_t> data_;
  std::size_t begin_ = 0;
  std::vector<Span> frames_;  // where in data_
};

}  // namespace pizwg
