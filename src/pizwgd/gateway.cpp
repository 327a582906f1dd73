#include "pizwgd/gateway.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sys/stat.h>
#include <utility>

#include "adapters/clocks.h"
#include "adapters/serial_devices.h"
#include "base/log.h"
#include "base/text.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;

// A stick that re-enumerates is back after 0.35 s (facts: cdc_acm, 500 series): look often at first. One that
// has been away for a minute is being replaced by somebody.
constexpr std::chrono::milliseconds eager_interval{50};
constexpr std::chrono::milliseconds patient_interval{500};
constexpr std::chrono::minutes eager_time{1};

bool is_character_device(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISCHR(info.st_mode);
}

}  // namespace

Gateway::Gateway(asio::io_context& io, Settings settings, Handlers handlers, HostRecord& record)
    : io_(io),
      settings_(std::move(settings)),
      handlers_(std::move(handlers)),
      record_(record),
      retry_timer_(io) {}

void Gateway::start() {
  away_since_ = Clock::now();
  lost_ = true;  // nobody waits for a gateway that was never there
  try_open();
  if (!port_) handlers_.lost();
}

void Gateway::close() {
  if (port_) note_that_it_works();
  count_line_errors();
  lifetime_.renew();
  retry_timer_.cancel();
  port_.reset();
  trouble_ = {};
  lost_ = true;
}

bool Gateway::visible() {
  const auto node = find();
  if (!node || !is_character_device(*node)) return false;
  node_ = *node;
  usb_path_ = usb_path_of(node_);
  return true;
}

bool Gateway::gone() const {
  if (settings_.device != "auto" && is_character_device(settings_.device)) return false;
  if (usb_path_) return !usb_device_exists(*usb_path_);
  return settings_.device != "auto" || list_serial_devices().empty();
}

// By its place on the bus while it may be re-enumerating: its number may have changed, and another stick may
// have got the old one. After that whatever the configuration names will do.
Result<std::string> Gateway::find() const {
  if (usb_path_ && !lost_) return find_by_place();
  if (settings_.device != "auto") return settings_.device;
  const auto chosen = choose_gateway(list_serial_devices());
  if (!chosen) return std::unexpected(chosen.error());
  return chosen->node;
}

Result<std::string> Gateway::find_by_place() const {
  const auto devices = list_serial_devices();
  const auto same = std::ranges::find(devices, *usb_path_, &SerialDevice::usb_path);
  if (same == devices.end()) return fail(fmt::format("no serial device at USB {}", *usb_path_));
  return same->node;
}

Result<void> Gateway::open() {
  auto node = find();
  if (!node) return std::unexpected(node.error());
  auto port = SerialPort::open(io_, *node, settings_.baud);
  if (!port) return std::unexpected(port.error());
  port_ = std::move(*port);
  node_ = std::move(*node);
  usb_path_ = usb_path_of(node_);
  return {};
}

void Gateway::try_open() {
  if (const auto opened = open(); !opened) {
    // Said once, and again only when it changes.
    if (lost_ && trouble_ != opened.error()) {
      log::warning("no gateway: " + opened.error().what, {});
      ++record_.gateway.open_failures;
    }
    trouble_ = opened.error();
    return try_again_later();
  }
  if (!lost_) ++record_.gateway.returns;
  lost_ = false;
  trouble_ = {};
  note_that_it_works();
  log::notice(
      "gateway opened",
      {{"device", node_}, {"usb", usb_path_.value_or("none")}, {"baud", std::to_string(settings_.baud)}});
  drop_what_it_says();
  handlers_.opened();
}

void Gateway::try_again_later() {
  const auto away = Clock::now() - away_since_;
  retry_timer_.expires_after(away < eager_time ? eager_interval : patient_interval);
  retry_timer_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error) try_open();
  }));
  if (lost_ || away < settings_.grace) return;
  lost_ = true;
  log::warning("gateway lost: " + trouble_.what, {{"device", node_}});
  handlers_.lost();  // last: it may close()
}

SerialPort* Gateway::borrow() {
  if (!port_) return nullptr;
  port_->cancel();
  port_->discard();
  return port_.get();
}

void Gateway::give_back() {
  if (port_) drop_what_it_says();
}

void Gateway::drop_what_it_says() {
  port_->when_readable([this] {
    std::array<std::uint8_t, 4096> unheard;
    const IoOutcome got = port_->read(unheard);
    if (got.status == IoStatus::closed) return port_died();
    drop_what_it_says();
  });
}

void Gateway::port_died() {
  port_.reset();
  ++record_.gateway.hang_ups;
  note_that_it_works();
  trouble_ = {.what = fmt::format("{} hung up", in_quotes(node_)), .hint = "is the gateway plugged in?"};
  away_since_ = Clock::now();
  log::notice("gateway left",
              {{"device", node_}, {"grace_seconds", std::to_string(settings_.grace.count())}});
  handlers_.left();
  try_again_later();
}

// Until a moment ago, at least.
void Gateway::note_that_it_works() {
  record_.gateway_proven = Moment::at(read_clocks());
}

void Gateway::count_line_errors() const {
  const auto errors = port_ ? port_->new_line_errors() : std::nullopt;
  if (!errors) return;
  auto& counted = record_.gateway.line_errors;
  counted = counted.value_or(LineErrorTally()) += *errors;
}

GatewayStatus Gateway::status() const {
  count_line_errors();
  return {.open = present(), .device = node_, .usb = usb_path_.value_or("")};
}

std::string Gateway::description() const {
  if (!port_) return trouble_.what;
  return usb_path_ ? fmt::format("{} (USB {})", node_, *usb_path_) : node_;
}

}  // namespace pizwg
