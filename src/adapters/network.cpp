#include "adapters/network.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <span>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/unique_fd.h"

namespace pizwg {
namespace {

constexpr std::size_t largest_message = 32 * 1024;  // what the kernel fills a dump's messages to
constexpr timeval answer_limit{.tv_sec = 1, .tv_usec = 0};

Result<UniqueFd> open_netlink(unsigned groups) {
  UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd) return fail_errno("cannot ask the kernel about the network", errno);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = groups;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &answer_limit, sizeof answer_limit);
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail_errno("cannot ask the kernel about the network", errno);
  }
  return fd;
}

template <typename Header>
const Header* body_of(const nlmsghdr& message) {
  return reinterpret_cast<const Header*>(reinterpret_cast<const char*>(&message) + NLMSG_HDRLEN);
}

// What follows the body.
template <typename Header>
std::span<const char> attributes_of(const nlmsghdr& message) {
  constexpr std::size_t begin = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(Header));
  if (message.nlmsg_len < begin) return {};
  return std::span(reinterpret_cast<const char*>(&message), message.nlmsg_len).subspan(begin);
}

template <typename Visit>
void for_each_attribute(std::span<const char> rest, Visit visit) {
  while (rest.size() >= sizeof(rtattr)) {
    rtattr header{};
    std::memcpy(&header, rest.data(), sizeof header);
    if (header.rta_len < RTA_LENGTH(0) || header.rta_len > rest.size()) return;
    visit(header.rta_type, rest.subspan(RTA_LENGTH(0), header.rta_len - RTA_LENGTH(0)));
    rest = rest.subspan(std::min<std::size_t>(RTA_ALIGN(header.rta_len), rest.size()));
  }
}

template <typename Value>
Value read_value(std::span<const char> bytes) {
  Value value{};
  std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
  return value;
}

Ipv4 read_address(std::span<const char> bytes) {
  return {ntohl(read_value<std::uint32_t>(bytes))};
}

void add_interface(NetworkState& state, const nlmsghdr& message) {
  const auto* info = body_of<ifinfomsg>(message);
  NetworkInterface found;
  found.index = info->ifi_index;
  found.loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;
  constexpr unsigned works = unsigned{IFF_UP} | unsigned{IFF_LOWER_UP};
  found.carrier = (info->ifi_flags & works) == works;
  for_each_attribute(attributes_of<ifinfomsg>(message),
                     [&](unsigned short type, std::span<const char> bytes) {
                       if (type == IFLA_IFNAME)
                         found.name.assign(bytes.data(), ::strnlen(bytes.data(), bytes.size()));
                       if (type == IFLA_ADDRESS && bytes.size() == found.mac.size()) {
                         std::memcpy(found.mac.data(), bytes.data(), bytes.size());
                       }
                     });
  state.interfaces.push_back(std::move(found));
}

void add_address(NetworkState& state, const nlmsghdr& message) {
  const auto* info = body_of<ifaddrmsg>(message);
  const auto owner =
      std::ranges::find(state.interfaces, static_cast<int>(info->ifa_index), &NetworkInterface::index);
  if (info->ifa_family != AF_INET || owner == state.interfaces.end()) return;
  InterfaceAddress found;
  found.address.prefix = info->ifa_prefixlen;
  found.secondary = (info->ifa_flags & IFA_F_SECONDARY) != 0;
  for_each_attribute(attributes_of<ifaddrmsg>(message),
                     [&](unsigned short type, std::span<const char> bytes) {
                       if (type == IFA_LOCAL) found.address.address = read_address(bytes);
                     });
  owner->addresses.push_back(found);
}

// The main table's default routes; the one with the smallest metric is left.
struct DefaultRoute {
  int interface = 0;
  std::uint32_t metric = 0;

  void consider(const nlmsghdr& message) {
    const auto* info = body_of<rtmsg>(message);
    if (info->rtm_family != AF_INET || info->rtm_dst_len != 0 || info->rtm_table != RT_TABLE_MAIN) return;
    int out = 0;
    std::uint32_t its_metric = 0;
    for_each_attribute(attributes_of<rtmsg>(message), [&](unsigned short type, std::span<const char> bytes) {
      if (type == RTA_OIF) out = read_value<int>(bytes);
      if (type == RTA_PRIORITY) its_metric = read_value<std::uint32_t>(bytes);
    });
    if (out == 0 || (interface != 0 && its_metric >= metric)) return;
    interface = out;
    metric = its_metric;
  }
};

// Sends one dump request and shows every message of the answer to `visit`.
template <typename Visit>
Result<void> dump(int fd, std::uint16_t type, unsigned char family, Visit visit) {
  struct {
    nlmsghdr header;
    rtgenmsg body;
  } request{};
  request.header.nlmsg_len = NLMSG_LENGTH(sizeof request.body);
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.rtgen_family = family;
  if (::send(fd, &request, request.header.nlmsg_len, 0) < 0) {
    return fail_errno("cannot ask the kernel about the network", errno);
  }
  alignas(nlmsghdr) std::array<char, largest_message> buffer;
  while (true) {
    const ssize_t got = ::recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail_errno("the kernel did not tell about the network", errno);
    auto left = static_cast<std::size_t>(got);
    for (auto* message = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return {};
      if (message->nlmsg_type == NLMSG_ERROR) return fail("the kernel would not tell about the network");
      visit(*message);
    }
  }
}

}  // namespace

Result<NetworkState> read_network() {
  const auto fd = open_netlink(0);
  if (!fd) return std::unexpected(fd.error());
  NetworkState state;
  DefaultRoute route;
  auto done = dump(fd->get(), RTM_GETLINK, AF_UNSPEC, [&](const nlmsghdr& m) { add_interface(state, m); });
  if (done) done = dump(fd->get(), RTM_GETADDR, AF_INET, [&](const nlmsghdr& m) { add_address(state, m); });
  if (done) done = dump(fd->get(), RTM_GETROUTE, AF_INET, [&](const nlmsghdr& m) { route.consider(m); });
  if (!done) return std::unexpected(done.error());
  state.default_route = route.interface;
  return state;
}

NetworkWatch::NetworkWatch(asio::io_context& io, std::function<void()> changed)
    : changed_(std::move(changed)), netlink_(io) {}

Result<void> NetworkWatch::start() {
  auto fd = open_netlink(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE);
  if (!fd) return std::unexpected(fd.error());
  netlink_.assign(fd->release());
  netlink_.non_blocking(true);
  wait();
  return {};
}

void NetworkWatch::wait() {
  netlink_.async_wait(asio::posix::descriptor_base::wait_read,
                      lifetime_.bound([this](const asio::error_code& error) {
                        if (error) return;
                        drain();
                        wait();  // first: what changes from now on is seen
                        changed_();
                      }));
}

// What the messages say is not looked at: everything is asked for anew. So it does not matter either when
// some were lost for want of room (ENOBUFS).
void NetworkWatch::drain() {
  std::array<char, 8192> unread;
  // A network that changes all the time must not hold the event loop.
  for (int i = 0; i < 64; ++i) {
    if (::recv(netlink_.native_handle(), unread.data(), unread.size(), MSG_DONTWAIT) < 0 && errno != ENOBUFS)
      return;
  }
}

}  // namespace pizwg
