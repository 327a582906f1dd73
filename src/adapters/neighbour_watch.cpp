#include "adapters/neighbour_watch.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <linux/filter.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

#include "base/unique_fd.h"

namespace pizwg {
namespace {

// The first attribute of the kernel's messages about a neighbour is its address (NDA_DST).
constexpr std::size_t address_at = NLMSG_HDRLEN + sizeof(ndmsg) + RTA_LENGTH(0);

// Passes messages about one address. Loads are big-endian, and a program for a netlink socket sees the
// header, too.
bool let_pass_only(int netlink, Ipv4 address) {
  std::array<sock_filter, 4> program{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, address_at),
                                      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, address.value, 0, 1),
                                      BPF_STMT(BPF_RET | BPF_K, 0xffffffff), BPF_STMT(BPF_RET | BPF_K, 0)}};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  return ::setsockopt(netlink, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

std::unexpected<Error> failure() {
  return fail_errno("cannot ask the kernel about neighbours", errno);
}

Result<UniqueFd> open_netlink(std::uint32_t groups, std::optional<Ipv4> only) {
  UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  sockaddr_nl local{};
  local.nl_family = AF_NETLINK;
  local.nl_groups = groups;
  // The filter first: nothing that it would not let pass is there when it comes.
  if (!fd || (only && !let_pass_only(fd.get(), *only)) ||
      ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0) {
    return failure();
  }
  return fd;
}

bool ask_for_all(int netlink) {
  struct {
    nlmsghdr header;
    ndmsg body;
  } request{};
  request.header.nlmsg_len = NLMSG_LENGTH(sizeof request.body);
  request.header.nlmsg_type = RTM_GETNEIGH;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body.ndm_family = AF_INET;
  return ::send(netlink, &request, request.header.nlmsg_len, 0) >= 0;
}

std::optional<std::span<const char>> attribute(std::span<const char> neighbour, unsigned short wanted) {
  auto rest = neighbour.subspan(std::min(NLMSG_HDRLEN + sizeof(ndmsg), neighbour.size()));
  while (rest.size() >= sizeof(rtattr)) {
    rtattr header{};
    std::memcpy(&header, rest.data(), sizeof header);
    if (header.rta_len < RTA_LENGTH(0) || header.rta_len > rest.size()) break;
    if (header.rta_type == wanted) return rest.subspan(RTA_LENGTH(0), header.rta_len - RTA_LENGTH(0));
    rest = rest.subspan(std::min<std::size_t>(RTA_ALIGN(header.rta_len), rest.size()));
  }
  return std::nullopt;
}

constexpr std::size_t largest_message = 32 * 1024;  // what the kernel fills a dump's messages to

}  // namespace

Result<void> NeighbourWatch::watch(Ipv4 address) {
  if (address_ == address) return {};
  lifetime_.renew();
  asio::error_code ignored;
  netlink_.close(ignored);
  address_.reset();
  link_layer_.reset();
  auto fd = open_netlink(RTMGRP_NEIGH, address);
  if (!fd) return std::unexpected(fd.error());
  address_ = address;
  netlink_.assign(fd->release());
  wait();
  return learn();
}

// Whose it is now. On a socket of its own: the filter looks at a message's beginning only, and an answer has
// many in one.
Result<void> NeighbourWatch::learn() {
  const auto fd = open_netlink(0, std::nullopt);
  if (!fd || !ask_for_all(fd->get())) return failure();
  std::array<char, largest_message> buffer;
  while (true) {
    const ssize_t got = ::recv(fd->get(), buffer.data(), buffer.size(), MSG_DONTWAIT);  // it is there already
    if (got <= 0) return {};
    take(std::span(buffer).first(static_cast<std::size_t>(got)));
  }
}

void NeighbourWatch::wait() {
  netlink_.async_wait(asio::posix::descriptor_base::wait_read,
                      lifetime_.bound([this](const asio::error_code& error) {
                        if (error) return;
                        drain();
                        wait();
                        if (std::exchange(has_moved_, false)) moved_();
                      }));
}

void NeighbourWatch::drain() {
  std::array<char, 8192> buffer;
  for (int i = 0; i < 64; ++i) {
    const ssize_t got = ::recv(netlink_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && errno != ENOBUFS) return;
    if (got > 0) take(std::span(buffer).first(static_cast<std::size_t>(got)));
  }
}

void NeighbourWatch::take(std::span<const char> messages) {
  while (messages.size() >= sizeof(nlmsghdr)) {
    nlmsghdr header{};
    std::memcpy(&header, messages.data(), sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > messages.size()) return;
    if (header.nlmsg_type == RTM_NEWNEIGH) take_neighbour(messages.first(header.nlmsg_len));
    messages = messages.subspan(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), messages.size()));
  }
}

void NeighbourWatch::take_neighbour(std::span<const char> message) {
  const auto address = attribute(message, NDA_DST);
  const auto link_layer = attribute(message, NDA_LLADDR);
  LinkLayer found{};
  if (!address || address->size() != 4 || !link_layer || link_layer->size() != found.size()) return;
  std::uint32_t value = 0;
  std::memcpy(&value, address->data(), sizeof value);
  if (Ipv4{ntohl(value)} != address_) return;
  std::ranges::copy(*link_layer, found.begin());
  if (found == LinkLayer{}) return;  // not known yet
  has_moved_ = has_moved_ || (link_layer_ && *link_layer_ != found);
  link_layer_ = found;
}

}  // namespace pizwg
