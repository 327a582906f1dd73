#include "core/rfc2217.h"

#include <algorithm>

namespace pizwg {
namespace {

using Data = std::vector<std::uint8_t>;

// RFC 854.
constexpr std::uint8_t iac = 255;
constexpr std::uint8_t dont_verb = 254;
constexpr std::uint8_t do_verb = 253;
constexpr std::uint8_t wont_verb = 252;
constexpr std::uint8_t will_verb = 251;
constexpr std::uint8_t subnegotiation_begin = 250;
constexpr std::uint8_t subnegotiation_end = 240;
// Options: RFC 856, 858, 2217.
constexpr std::uint8_t binary = 0;
constexpr std::uint8_t suppress_go_ahead = 3;
constexpr std::uint8_t com_port = 44;

// RFC 2217: a client's commands; the server's are 100 more.
constexpr std::uint8_t server_offset = 100;
constexpr std::uint8_t signature = 0;
constexpr std::uint8_t set_baud_rate = 1;
constexpr std::uint8_t set_data_size = 2;
constexpr std::uint8_t set_parity = 3;
constexpr std::uint8_t set_stop_size = 4;
constexpr std::uint8_t set_control = 5;
constexpr std::uint8_t notify_modem_state = 7;
constexpr std::uint8_t flow_suspend = 8;
constexpr std::uint8_t flow_resume = 9;
constexpr std::uint8_t set_modem_state_mask = 11;
constexpr std::uint8_t carrier_and_ready = 0xb0;  // CD, DSR and CTS are on

constexpr std::uint8_t eight_bits = 8;
constexpr std::uint8_t no_parity = 1;
constexpr std::uint8_t one_stop_bit = 1;
// Of set_control: asking for the flow control (0), setting it (1 to 3) or that of the other direction (13 to
// 19).
constexpr std::uint8_t no_flow_control = 1;
constexpr std::uint8_t asks_for_inbound = 13;
constexpr std::uint8_t no_inbound_flow_control = 14;

bool is_ours(std::uint8_t option) {
  return option == binary || option == suppress_go_ahead || option == com_port;
}

void add(Data& out, std::initializer_list<std::uint8_t> bytes) {
  out.insert(out.end(), bytes);
}

void add_subnegotiation(Data& out, std::uint8_t command, std::span<const std::uint8_t> value) {
  add(out, {iac, subnegotiation_begin, com_port, static_cast<std::uint8_t>(command + server_offset)});
  Rfc2217::escape(value, out);
  add(out, {iac, subnegotiation_end});
}

Data big_endian(unsigned number) {
  Data bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
  return bytes;
}

std::uint8_t control_for(std::uint8_t asked) {
  if (asked <= 3) return no_flow_control;
  if (asked >= asks_for_inbound && asked <= 16) return no_inbound_flow_control;
  return asked;  // break, DTR, RTS: so be it
}

}  // namespace

void Rfc2217::escape(std::span<const std::uint8_t> data, Data& out) {
  for (const std::uint8_t byte : data) {
    if (byte == iac) out.push_back(iac);
    out.push_back(byte);
  }
}

void Rfc2217::receive(std::span<const std::uint8_t> bytes, Data& data, Data& replies) {
  for (const std::uint8_t byte : bytes) {
    switch (state_) {
      case State::data:
        if (byte == iac)
          state_ = State::command;
        else
          data.push_back(byte);
        break;
      case State::command:
        take_command(byte, data);
        break;
      case State::negotiation:
        answer_negotiation(byte, replies);
        state_ = State::data;
        break;
      case State::subnegotiation:
        if (byte == iac)
          state_ = State::subnegotiation_command;
        else if (subnegotiation_.size() < longest_subnegotiation)
          subnegotiation_.push_back(byte);
        break;
      case State::subnegotiation_command:
        state_ = byte == iac ? State::subnegotiation : State::data;
        if (byte == iac && subnegotiation_.size() < longest_subnegotiation) subnegotiation_.push_back(byte);
        if (byte == subnegotiation_end) answer_subnegotiation(replies);
        break;
    }
  }
}

void Rfc2217::take_command(std::uint8_t byte, Data& data) {
  state_ = State::data;
  if (byte == iac) data.push_back(byte);
  if (byte == subnegotiation_begin) {
    subnegotiation_.clear();
    state_ = State::subnegotiation;
  }
  if (byte >= will_verb && byte <= dont_verb) {
    verb_ = byte;
    state_ = State::negotiation;
  }
}

void Rfc2217::answer_negotiation(std::uint8_t option, Data& replies) {
  if (verb_ == do_verb && !is_ours(option)) add(replies, {iac, wont_verb, option});
  if (verb_ == will_verb && !is_ours(option)) add(replies, {iac, dont_verb, option});
  if (verb_ == do_verb && is_ours(option)) say_once(will_verb, option, replies);
  if (verb_ == will_verb && is_ours(option)) say_once(do_verb, option, replies);
  if (verb_ != will_verb || option != com_port) return;
  say_once(will_verb, binary, replies);
  say_once(do_verb, binary, replies);
  add_subnegotiation(replies, notify_modem_state, Data{carrier_and_ready});
}

void Rfc2217::say_once(std::uint8_t verb, std::uint8_t option, Data& replies) {
  const std::array<std::uint8_t, 2> words{verb, option};
  if (std::ranges::find(said_, words) != said_.end()) return;
  said_.push_back(words);
  add(replies, {iac, verb, option});
}

void Rfc2217::answer_subnegotiation(Data& replies) const {
  if (subnegotiation_.size() < 2 || subnegotiation_[0] != com_port) return;
  const std::uint8_t command = subnegotiation_[1];
  if (command == flow_suspend || command == flow_resume) return;  // no answer is due; TCP controls the flow
  const auto asked = std::span(subnegotiation_).subspan(2);
  if (command != signature && asked.empty()) return;
  add_subnegotiation(replies, command, value_for(command, asked));
  if (command == set_modem_state_mask)
    add_subnegotiation(replies, notify_modem_state, Data{carrier_and_ready});
}

Data Rfc2217::value_for(std::uint8_t command, std::span<const std::uint8_t> asked) const {
  switch (command) {
    case signature:
      return {'P', 'i', 'Z', 'W', 'G'};
    case set_baud_rate:
      return big_endian(baud_);
    case set_data_size:
      return {eight_bits};
    case set_parity:
      return {no_parity};
    case set_stop_size:
      return {one_stop_bit};
    case set_control:
      return {control_for(asked.front())};
    default:  // masks and purges: so be it
      return {asked.begin(), asked.end()};
  }
}

}  // namespace pizwg
