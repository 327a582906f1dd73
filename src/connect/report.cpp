#include "connect/report.h"

#include <chrono>
#include <fmt/format.h>
#include <string_view>

namespace pizwg {
namespace {

double seconds(std::chrono::microseconds time) {
  return std::chrono::duration<double>(time).count();
}

// A JSON string, and a label's value in Prometheus's format, which knows fewer escapes: so no others are
// needed here. (Called quoted, g++ 14 would take it for std::quoted.)
std::string in_json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

}  // namespace

std::string sentence(const Report& report) {
  const Uplink::State& uplink = report.uplink;
  const auto application = report.application.empty() ? std::string("no application") : report.application;
  if (uplink.connected) return fmt::format("connected to {}; {}", uplink.server, application);
  return fmt::format("not connected: {}; {}", uplink.trouble, application);
}

std::string for_people(const Report& report) {
  const Uplink::State& uplink = report.uplink;
  std::string text =
      fmt::format("uplink: {}\n", uplink.connected ? "connected to " + uplink.server : "not connected");
  if (!uplink.connected) text += fmt::format("trouble: {}\n", uplink.trouble);
  if (!uplink.connected && !uplink.hint.empty()) text += fmt::format("hint: {}\n", uplink.hint);
  text += fmt::format("application: {}\n", report.application.empty() ? "none" : report.application);
  text += fmt::format("sessions: {}\noutage: {:.1f} s in all\n", uplink.sessions, seconds(uplink.outage));
  text += fmt::format("bytes: {} to the server, {} from it, {} dropped\n", report.bytes.to_server,
                      report.bytes.from_server, report.bytes.dropped);
  if (uplink.connected) text += fmt::format("round trip: {:.1f} ms\n", seconds(uplink.round_trip) * 1000);
  return text;
}

std::string as_json(const Report& report) {
  const Uplink::State& uplink = report.uplink;
  return fmt::format(
      "{{\"connected\": {}, \"server\": {}, \"trouble\": {}, \"hint\": {}, \"application\": {}, "
      "\"sessions\": {}, "
      "\"outage_seconds\": {:.3f}, \"bytes_to_server\": {}, \"bytes_from_server\": {}, \"bytes_dropped\": "
      "{}, \"bytes_unread\": {}, \"round_trip_seconds\": {:.6f}}}\n",
      uplink.connected, in_json(uplink.server), in_json(uplink.trouble), in_json(uplink.hint),
      in_json(report.application), uplink.sessions, seconds(uplink.outage), report.bytes.to_server,
      report.bytes.from_server, report.bytes.dropped, report.bytes.unread, seconds(uplink.round_trip));
}

std::string as_metrics(const Report& report) {
  const Uplink::State& uplink = report.uplink;
  std::string text;
  const auto add = [&text](std::string_view name, std::string_view type, std::string_view help, auto value) {
    text += fmt::format("# HELP pizwg_connect_{0} {1}\n# TYPE pizwg_connect_{0} {2}\npizwg_connect_{0} {3}\n",
                        name, help, type, value);
  };
  add("connected", "gauge", "Whether there is a session with the server.", uplink.connected ? 1 : 0);
  add("application", "gauge", "Whether an application has the port open.",
      report.application.empty() ? 0 : 1);
  add("sessions_total", "counter", "Sessions with the server so far.", uplink.sessions);
  add("outage_seconds_total", "counter", "Time without a session so far.", seconds(uplink.outage));
  add("to_server_bytes_total", "counter", "Bytes sent to the server.", report.bytes.to_server);
  add("from_server_bytes_total", "counter", "Bytes received from the server.", report.bytes.from_server);
  add("dropped_bytes_total", "counter", "Bytes of the application's dropped for want of a session.",
      report.bytes.dropped);
  add("unread_bytes_total", "counter", "Bytes from the server dropped as the application read nothing.",
      report.bytes.unread);
  add("round_trip_seconds", "gauge", "Round trip of the TCP connection.", seconds(uplink.round_trip));
  text +=
      "# HELP pizwg_connect_trouble What is wrong, as a label; no sample when nothing is.\n"
      "# TYPE pizwg_connect_trouble gauge\n";
  if (!uplink.trouble.empty())
    text += fmt::format("pizwg_connect_trouble{{what={}}} 1\n", in_json(uplink.trouble));
  return text;
}

}  // namespace pizwg
