#include "core/zwave_framing.h"

namespace pizwg {
namespace {

constexpr std::uint8_t serial_api_started = 0x0A;

}  // namespace

using zwave::Unit;

void ZwaveFraming::push(std::span<const std::uint8_t> bytes, Time now, UnitBuffer& out) {
  now_ = now;
  if (decoder_.in_frame() && now - frame_began_ >= zwave::reception_limit) decoder_.abandon();
  for (const std::uint8_t byte : bytes) {
    if (!decoder_.in_frame()) frame_began_ = now;
    take(byte, out);
  }
}

void ZwaveFraming::take(std::uint8_t byte, UnitBuffer& out) {
  const auto ended = decoder_.push(byte);
  const bool is_none = cannot_be_a_frame() || ended == Unit::noise;
  if (raw_) {
    out.add_raw({&byte, 1});
    if (ended == Unit::frame) raw_ = false;
  } else if (is_none) {
    out.add_raw(decoder_.bytes());
    raw_ = true;
  } else if (ended && decoder_.bytes().size() == 1) {
    // Also a refusal, which would have the stick say something again that it has not said.
    if (awaits_answer()) {
      answer_due_ = {};
    } else {
      out.add_raw(decoder_.bytes());
    }
  } else if (ended && awaits_answer()) {
    dropped_ += decoder_.bytes().size();
  } else if (ended) {
    if (ended == Unit::frame) remember_start();
    // Also one with a wrong checksum: it is the receiver who asks for it again.
    out.add_frame(decoder_.bytes());
  }
  if (is_none) decoder_.abandon();
}

// Known before its end: waiting for the rest of an XMODEM block whose number looks like a length would stall
// it.
bool ZwaveFraming::cannot_be_a_frame() const {
  const auto bytes = decoder_.bytes();
  if (bytes.empty() || bytes.front() != zwave::start_of_frame) return false;
  if (bytes.size() >= 2 && bytes[1] < zwave::smallest_length) return true;
  return bytes.size() >= 3 && bytes[2] > static_cast<std::uint8_t>(zwave::FrameType::response);
}

void ZwaveFraming::remember_start() {
  const auto bytes = decoder_.bytes();
  const bool is_request = bytes[2] == static_cast<std::uint8_t>(zwave::FrameType::request);
  if (is_request && bytes[3] == serial_api_started) start_.assign(bytes.begin(), bytes.end());
}

void ZwaveFraming::reset() {
  decoder_.abandon();
  raw_ = false;
  answer_due_ = {};
}

}  // namespace pizwg
