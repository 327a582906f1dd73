#pragma once
// What a simulated Z-Wave stick knows and answers: its identity, and binary switches as nodes. Not how frames
// are acknowledged or repeated (serial_api.h). Pure: a request in, frames out. Formats: Silicon Labs INS13954
// (Serial API functions) and SDS13781 (Basic and Binary Switch commands).

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/zwave_frame.h"

namespace pizwg::sim {

inline constexpr std::uint8_t own_node = 1;
inline constexpr std::uint8_t largest_node = 232;

enum class AfterAnswer { carry_on, restart };

struct Answer {
  std::vector<zwave::Frame> frames;  // in the order in which they are said
  AfterAnswer then = AfterAnswer::carry_on;
};

class Controller {
 public:
  // `nodes`: the binary switches, 2 to largest_node; own_node is there in any case.
  Controller(std::uint32_t home_id, std::span<const std::uint8_t> nodes);

  // An unknown function has an empty answer, as on a real stick.
  Answer answer(const zwave::Frame& request);

  // Somebody presses the switch: the node's unsolicited report. Nothing when there is no such node.
  std::optional<zwave::Frame> report(std::uint8_t node, bool on);
  std::optional<bool> is_on(std::uint8_t node) const;
  std::vector<std::uint8_t> switches() const;

  // What a stick of the 700 series says when it has started.
  static zwave::Frame started();

 private:
  using Payload = std::vector<std::uint8_t>;
  struct Function;
  static std::span<const Function> functions();

  Answer init_data(const Payload&);
  Answer controller_capabilities(const Payload&);
  Answer api_capabilities(const Payload&);
  Answer soft_reset(const Payload&);
  Answer protocol_version(const Payload&);
  Answer api_setup(const Payload& request);
  Answer send_data(const Payload& request);
  Answer version(const Payload&);
  Answer identity(const Payload&);
  Answer background_rssi(const Payload&);
  Answer node_protocol_info(const Payload& request);
  Answer suc_node(const Payload&);
  Answer node_information(const Payload& request);
  Answer library_type(const Payload&);

  bool has(std::uint8_t node) const { return node == own_node || switches_.contains(node); }
  std::optional<zwave::Frame> command(std::uint8_t node, std::span<const std::uint8_t> command);

  std::uint32_t home_id_;
  std::map<std::uint8_t, bool> switches_;  // node, on
};

}  // namespace pizwg::sim
