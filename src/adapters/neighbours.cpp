#include "adapters/neighbours.h"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/if_ether.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/unique_fd.h"

namespace pizwg {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int vrrp_protocol = 112;
constexpr std::uint32_t vrrp_group = 0xe0000012;  // 224.0.0.18

using Mac = std::array<std::uint8_t, ETH_ALEN>;

bool readable_before(int fd, Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
  return left > 0 && ::poll(&wanted, 1, static_cast<int>(left)) > 0;
}

std::optional<Mac> mac_of(int fd, const std::string& interface) {
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(fd, SIOCGIFHWADDR, &request) != 0) return std::nullopt;
  Mac mac{};
  std::memcpy(mac.data(), request.ifr_hwaddr.sa_data, mac.size());
  return mac;
}

// RFC 5227: the sender's address is 0, so that nobody learns anything wrong from it.
ether_arp probe_for(const Mac& ours, Ipv4 address) {
  ether_arp probe{};
  probe.arp_hrd = htons(ARPHRD_ETHER);
  probe.arp_pro = htons(ETHERTYPE_IP);
  probe.arp_hln = ETH_ALEN;
  probe.arp_pln = 4;
  probe.arp_op = htons(ARPOP_REQUEST);
  std::memcpy(probe.arp_sha, ours.data(), ours.size());
  const std::uint32_t target = htonl(address.value);
  std::memcpy(probe.arp_tpa, &target, sizeof target);
  return probe;
}

bool send_probe(int fd, const std::string& interface, const ether_arp& probe) {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_protocol = htons(ETH_P_ARP);
  to.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  to.sll_halen = ETH_ALEN;
  std::memset(to.sll_addr, 0xff, ETH_ALEN);
  return ::sendto(fd, &probe, sizeof probe, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to) ==
         sizeof probe;
}

std::string text_of(const std::uint8_t* mac) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", mac[0], mac[1], mac[2], mac[3], mac[4],
                     mac[5]);
}

// An IP packet with a VRRP header: the first byte is version and type, the second the router's number.
std::optional<Advert> advert_in(const std::uint8_t* packet, std::size_t length) {
  if (length < sizeof(iphdr)) return std::nullopt;
  iphdr head{};
  std::memcpy(&head, packet, sizeof head);
  const std::size_t begin = std::size_t{head.ihl} * 4;
  if (begin < sizeof(iphdr) || length < begin + 2 || (packet[begin] & 0x0f) != 1) return std::nullopt;
  return Advert{.from = Ipv4{ntohl(head.saddr)}.text(), .router = packet[begin + 1]};
}

bool join_group(int fd, const std::string& interface) {
  ip_mreqn group{};
  group.imr_multiaddr.s_addr = htonl(vrrp_group);
  group.imr_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  return ::setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0;
}

}  // namespace

std::optional<std::string> probe_address(const std::string& interface, Ipv4 address,
                                         std::chrono::milliseconds limit) {
  const UniqueFd fd(::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ARP)));
  const auto ours = fd ? mac_of(fd.get(), interface) : std::nullopt;
  if (!ours || !send_probe(fd.get(), interface, probe_for(*ours, address))) return std::nullopt;
  const auto deadline = Clock::now() + limit;
  while (readable_before(fd.get(), deadline)) {
    ether_arp answer{};
    if (::recv(fd.get(), &answer, sizeof answer, 0) < static_cast<ssize_t>(sizeof answer)) continue;
    std::uint32_t from = 0;
    std::memcpy(&from, answer.arp_spa, sizeof from);
    if (ntohl(from) == address.value) return text_of(answer.arp_sha);
  }
  return "";
}

std::optional<std::set<Advert>> hear_adverts(const std::string& interface, std::chrono::milliseconds time) {
  const UniqueFd fd(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, vrrp_protocol));
  if (!fd || !join_group(fd.get(), interface)) return std::nullopt;
  std::set<Advert> heard;
  const auto deadline = Clock::now() + time;
  while (readable_before(fd.get(), deadline) && heard.size() < 64) {
    std::array<std::uint8_t, 1500> packet;
    const ssize_t got = ::recv(fd.get(), packet.data(), packet.size(), 0);
    if (got <= 0) continue;
    if (auto advert = advert_in(packet.data(), static_cast<std::size_t>(got)))
      heard.insert(std::move(*advert));
  }
  return heard;
}

}  // namespace pizwg
