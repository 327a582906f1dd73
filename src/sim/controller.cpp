#include "sim/controller.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string_view>
#include <utility>

namespace pizwg::sim {
namespace {

using zwave::Frame;
using zwave::FrameType;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint8_t version_major = 7;
constexpr std::uint8_t version_minor = 18;
constexpr std::string_view version_text = "Z-Wave 7.18";
constexpr std::uint8_t static_controller = 0x01;  // library type
constexpr std::size_t node_mask_size = 29;        // bytes: a bit for each of 232 nodes
constexpr std::uint8_t rssi_not_available = 0x7f;

constexpr std::uint8_t application_command = 0x04;
constexpr std::uint8_t send_data_function = 0x13;
constexpr std::uint8_t application_update = 0x49;

constexpr std::uint8_t basic = 0x20;          // command classes
constexpr std::uint8_t binary_switch = 0x25;  //
constexpr std::uint8_t set = 0x01;            // commands, the same in both classes
constexpr std::uint8_t get = 0x02;
constexpr std::uint8_t report_command = 0x03;

constexpr std::uint8_t on_value = 0xff;
constexpr std::uint8_t off_value = 0x00;

Answer response(std::uint8_t function, Bytes payload) {
  return {{Frame{FrameType::response, function, std::move(payload)}}};
}

void set_bit(Bytes& mask, std::size_t first_byte, std::size_t bit) {
  mask.at(first_byte + bit / 8) |= static_cast<std::uint8_t>(1U << bit % 8);
}

Frame from_node(std::uint8_t node, std::uint8_t command_class, bool on) {
  const std::uint8_t status = 0;
  const std::uint8_t size = 3;
  return {FrameType::request,
          application_command,
          {status, node, size, command_class, report_command, on ? on_value : off_value, rssi_not_available}};
}

}  // namespace

struct Controller::Function {
  std::uint8_t id;
  Answer (Controller::*answer)(const Payload&);
};

// The one list of what the stick answers: the capabilities bitmask is made of it too.
std::span<const Controller::Function> Controller::functions() {
  static constexpr std::array<Function, 14> table{{
      {0x02, &Controller::init_data},
      {0x05, &Controller::controller_capabilities},
      {0x07, &Controller::api_capabilities},
      {0x08, &Controller::soft_reset},
      {0x09, &Controller::protocol_version},
      {0x0b, &Controller::api_setup},
      {0x13, &Controller::send_data},
      {0x15, &Controller::version},
      {0x20, &Controller::identity},
      {0x3b, &Controller::background_rssi},
      {0x41, &Controller::node_protocol_info},
      {0x56, &Controller::suc_node},
      {0x60, &Controller::node_information},
      {0xbd, &Controller::library_type},
  }};
  return table;
}

Controller::Controller(std::uint32_t home_id, std::span<const std::uint8_t> nodes) : home_id_(home_id) {
  for (const std::uint8_t node : nodes) {
    assert(node >= 1 && node <= largest_node);
    if (node != own_node) switches_[node] = false;
  }
}

Answer Controller::answer(const Frame& request) {
  const auto found = std::ranges::find(functions(), request.function, &Function::id);
  if (found == functions().end()) return {};
  return (this->*found->answer)(request.payload);
}

std::optional<Frame> Controller::report(std::uint8_t node, bool on) {
  const auto found = switches_.find(node);
  if (found == switches_.end()) return std::nullopt;
  found->second = on;
  return from_node(node, binary_switch, on);
}

std::optional<bool> Controller::is_on(std::uint8_t node) const {
  const auto found = switches_.find(node);
  return found == switches_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::uint8_t> Controller::switches() const {
  std::vector<std::uint8_t> nodes;
  nodes.reserve(switches_.size());
  for (const auto& [node, on] : switches_) nodes.push_back(node);
  return nodes;
}

Frame Controller::started() {
  const std::uint8_t power_on_reset = 0x00;
  const std::uint8_t not_by_watchdog = 0x00;
  const std::uint8_t listening = 0x80;
  const std::uint8_t generic_controller = 0x02;
  const std::uint8_t specific_pc_controller = 0x01;
  const std::uint8_t no_command_classes = 0;
  const std::uint8_t no_long_range = 0;
  return {FrameType::request,
          0x0a,
          {power_on_reset, not_by_watchdog, listening, generic_controller, specific_pc_controller,
           no_command_classes, no_long_range}};
}

Answer Controller::init_data(const Payload&) {
  const std::uint8_t api_version = 8;
  const std::uint8_t is_sis = 0x08;
  Bytes payload{api_version, is_sis, node_mask_size};
  payload.resize(payload.size() + node_mask_size);
  set_bit(payload, 3, own_node - 1);
  for (const auto& [node, on] : switches_) set_bit(payload, 3, node - 1U);
  const std::uint8_t chip_type = 7;
  const std::uint8_t chip_version = 0;
  payload.insert(payload.end(), {chip_type, chip_version});
  return response(0x02, std::move(payload));
}

Answer Controller::controller_capabilities(const Payload&) {
  const std::uint8_t sis_present = 0x04;
  const std::uint8_t real_primary = 0x08;
  const std::uint8_t is_suc = 0x10;
  return response(0x05, {sis_present | real_primary | is_suc});
}

Answer Controller::api_capabilities(const Payload&) {
  // Manufacturer ffff belongs to nobody, so that no driver applies a product's work-arounds to us.
  Bytes payload{version_major, version_minor, 0xff, 0xff, 0x00, 0x01, 0x00, 0x01};
  const std::size_t mask = payload.size();
  payload.resize(mask + 32);
  for (const Function& function : functions()) set_bit(payload, mask, function.id - 1U);
  return response(0x07, std::move(payload));
}

Answer Controller::soft_reset(const Payload&) {
  return {{}, AfterAnswer::restart};
}

Answer Controller::protocol_version(const Payload&) {
  const std::uint8_t zwave_protocol = 0;
  const std::uint8_t revision = 0;
  Bytes payload{zwave_protocol, version_major, version_minor, revision, 0x00, 0x00};  // and the build number
  payload.resize(payload.size() + 16);  // the commit it was built from
  return response(0x09, std::move(payload));
}

Answer Controller::api_setup(const Payload& request) {
  const std::uint8_t unsupported = 0x00;
  const std::uint8_t supported_commands = 0x01;
  const std::uint8_t largest_payload_size = 0x10;
  const std::uint8_t command = request.empty() ? unsupported : request[0];
  if (command == supported_commands) {
    // First the sub-commands that are powers of two as flags, then all of them as a bitmask whose bit 0 is
    // command 0.
    Bytes payload{command, supported_commands | largest_payload_size, 0, 0, 0};
    set_bit(payload, 2, supported_commands);
    set_bit(payload, 2, largest_payload_size);
    return response(0x0b, std::move(payload));
  }
  if (command == largest_payload_size) return response(0x0b, {command, 46});
  return response(0x0b, {unsupported, command});
}

// Request: node, size, command, transmit options, callback id. Accepted at once; how it went comes as a
// callback.
Answer Controller::send_data(const Payload& request) {
  const bool complete = request.size() >= 2 && request.size() >= request[1] + 4U;
  if (!complete) return response(send_data_function, {0x00});
  const std::uint8_t node = request[0];
  const std::size_t size = request[1];
  const std::uint8_t callback = request[size + 3];
  Answer answer = response(send_data_function, {0x01});
  if (callback != 0) {
    const std::uint8_t status = has(node) ? 0x00 : 0x01;  // delivered, no acknowledgement
    const std::uint8_t ticks = 1;                         // of 10 ms
    answer.frames.push_back({FrameType::request, send_data_function, {callback, status, 0x00, ticks}});
  }
  if (auto frame = command(node, std::span(request).subspan(2, size))) answer.frames.push_back(*frame);
  return answer;
}

// What the node does with a command, and its answer if it has one.
std::optional<Frame> Controller::command(std::uint8_t node, std::span<const std::uint8_t> command) {
  const auto found = switches_.find(node);
  if (found == switches_.end() || command.size() < 2) return std::nullopt;
  if (command[0] != basic && command[0] != binary_switch) return std::nullopt;
  if (command[1] == set && command.size() >= 3) found->second = command[2] != off_value;
  if (command[1] != get) return std::nullopt;
  return from_node(node, command[0], found->second);
}

Answer Controller::version(const Payload&) {
  Bytes payload(version_text.begin(), version_text.end());
  payload.insert(payload.end(), {0x00, static_controller});
  return response(0x15, std::move(payload));
}

Answer Controller::identity(const Payload&) {
  return response(0x20,
                  {static_cast<std::uint8_t>(home_id_ >> 24), static_cast<std::uint8_t>(home_id_ >> 16),
                   static_cast<std::uint8_t>(home_id_ >> 8), static_cast<std::uint8_t>(home_id_), own_node});
}

Answer Controller::background_rssi(const Payload&) {
  const std::uint8_t quiet = 0xa5;  // -91 dBm
  return response(0x3b, {quiet, quiet, rssi_not_available});
}

// Capability, security, speed, then the basic, generic and specific device type.
Answer Controller::node_protocol_info(const Payload& request) {
  const std::uint8_t node = request.empty() ? std::uint8_t{0} : request[0];
  if (node == own_node) return response(0x41, {0xd3, 0x16, 0x01, 0x02, 0x02, 0x01});
  if (has(node)) return response(0x41, {0xd3, 0x9c, 0x01, 0x04, 0x10, 0x01});
  return response(0x41, {0, 0, 0, 0, 0, 0});
}

Answer Controller::suc_node(const Payload&) {
  return response(0x56, {own_node});
}

// Accepted at once; what the node says of itself comes as an update: device types and command classes.
Answer Controller::node_information(const Payload& request) {
  const std::uint8_t node = request.empty() ? std::uint8_t{0} : request[0];
  const std::uint8_t received = 0x84;
  const std::uint8_t failed = 0x81;
  Answer answer = response(0x60, {0x01});
  Bytes update{failed, 0, 0};
  if (switches_.contains(node)) update = {received, node, 4, 0x04, 0x10, 0x01, binary_switch};
  answer.frames.push_back({FrameType::request, application_update, std::move(update)});
  return answer;
}

Answer Controller::library_type(const Payload&) {
  return response(0xbd, {static_controller});
}

}  // namespace pizwg::sim
