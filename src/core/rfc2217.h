#pragma once
// The serving end of telnet with the com port option (RFC 854, 2217), for an application that speaks
// rfc2217://. The line is what it is: settings are confirmed when they are the gateway's, and answered with
// the gateway's when not. Control lines, breaks and purges are answered and have no effect. No I/O.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace pizwg {

class Rfc2217 {
 public:
  explicit Rfc2217(unsigned baud) : baud_(baud) {}

  // Says nothing first: pyserial, greeted before it has asked, takes its question for answered and never
  // asks.

  // Takes what the application sent apart: its data is added to `data`, what is to be answered to `replies`.
  void receive(std::span<const std::uint8_t> bytes, std::vector<std::uint8_t>& data,
               std::vector<std::uint8_t>& replies);

  // Adds the gateway's data to `out`, the way telnet wants it.
  static void escape(std::span<const std::uint8_t> data, std::vector<std::uint8_t>& out);

 private:
  enum class State { data, command, negotiation, subnegotiation, subnegotiation_command };
  // The longest that we know has six bytes; what is longer is cut, and so not understood.
  static constexpr std::size_t longest_subnegotiation = 64;

  void take_command(std::uint8_t byte, std::vector<std::uint8_t>& data);
  void answer_negotiation(std::uint8_t option, std::vector<std::uint8_t>& replies);
  void say_once(std::uint8_t verb, std::uint8_t option, std::vector<std::uint8_t>& replies);
  void answer_subnegotiation(std::vector<std::uint8_t>& replies) const;
  std::vector<std::uint8_t> value_for(std::uint8_t command, std::span<const std::uint8_t> asked) const;

  unsigned baud_;
  State state_ = State::data;
  std::uint8_t verb_ = 0;
  std::vector<std::array<std::uint8_t, 2>>
      said_;  // verb and option: an answer to an answer would go on for ever
  std::vector<std::uint8_t> subnegotiation_;
};

}  // namespace pizwg
