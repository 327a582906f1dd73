#include "adapters/vip_probe.h"

#include <utility>

namespace pizwg {
namespace {

// A host on the same segment answers ARP and TCP within milliseconds; on a lossy one within a second.
constexpr std::chrono::seconds answer_limit{1};

}  // namespace

void VipProbe::ask(const std::string& vip, std::uint16_t port, std::function<void(VipAnswer)> answered) {
  lifetime_.renew();
  asio::error_code ignored;
  socket_.close(ignored);
  answered_ = std::move(answered);
  asio::error_code bad;
  const auto address = asio::ip::make_address_v4(vip, bad);
  limit_.expires_after(bad ? std::chrono::seconds(0) : answer_limit);
  limit_.async_wait(lifetime_.bound([this](const asio::error_code& error) {
    if (!error) answer(VipAnswer::silent);
  }));
  if (bad) return;
  socket_.async_connect({address, port}, lifetime_.bound([this](const asio::error_code& error) {
    if (!error) return answer(VipAnswer::accepted);
    if (error == asio::error::connection_refused) return answer(VipAnswer::refused);
    // No route, no answer to ARP: the timer says silent. Not at once, so that who asks again is not in a
    // loop.
  }));
}

void VipProbe::answer(VipAnswer answer) {
  lifetime_.renew();
  limit_.cancel();
  asio::error_code ignored;
  socket_.close(ignored);
  std::exchange(answered_, nullptr)(answer);
}

}  // namespace pizwg
