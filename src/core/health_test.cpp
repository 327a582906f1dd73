#include "core/health.h"

#include <algorithm>
#include <gtest/gtest.h>

#include "core/host_examples.h"

namespace pizwg {
namespace {

const Finding* find(const Findings& findings, std::string_view check) {
  const auto found = std::ranges::find(findings, check, &Finding::check);
  return found == findings.end() ? nullptr : &*found;
}

std::optional<Grade> grade_of(const Findings& findings, std::string_view check) {
  const Finding* finding = find(findings, check);
  return finding == nullptr ? std::nullopt : std::optional(finding->grade);
}

// Whoever is told of trouble is told what to do.
void expect_hints(const Findings& findings) {
  for (const Finding& finding : findings)
    EXPECT_EQ(finding.grade == Grade::ok, finding.hint.empty()) << finding.check;
}

Config cluster() {
  Config config;
  config.role = Role::cluster;
  return config;
}

TEST(Health, OfAnIdentity) {
  const WallTime now = examples::noon();
  IdentityFacts facts{.present = true, .changed = now, .backup = now, .now = now};
  EXPECT_EQ(worst(judge_identity(facts)), Grade::ok);
  facts.backup = now - std::chrono::hours(1);
  EXPECT_EQ(grade_of(judge_identity(facts), "backup"), Grade::warning);
  facts.backup.reset();
  EXPECT_EQ(grade_of(judge_identity(facts), "backup"), Grade::warning);
  facts.certificates = {{.name = "spare", .fingerprint = "", .expires = now + std::chrono::days(59)}};
  EXPECT_EQ(grade_of(judge_identity(facts), "certificates"), Grade::warning);
  facts.certificates[0].expires = now - std::chrono::days(1);
  EXPECT_EQ(grade_of(judge_identity(facts), "certificates"), Grade::error);
  facts.trouble = "the key is another one's";
  EXPECT_EQ(grade_of(judge_identity(facts), "identity"), Grade::error);
  expect_hints(judge_identity(facts));
  EXPECT_EQ(worst(judge_identity({})), Grade::error);
}

TEST(Health, OfAMachineThatTellsNothingFindsNothing) {
  EXPECT_TRUE(judge_system({}, 3333).empty());
}

TEST(Health, OfASickMachine) {
  const SystemFacts facts{.machine = {.root_read_only = false,
                                      .clock_synchronised = false,
                                      .watchdog_armed = false,
                                      .under_voltage = true,
                                      .throttled = true},
                          .root_password_locked = false,
                          .ssh_password_login = true,
                          .disk_free = 0.05,
                          .memory_free = 0.05,
                          .temperature = 81,
                          .ports = {{{"tcp", 22}, {"tcp", 8080}, {"udp", 68}}}};
  const Findings findings = judge_system(facts, 3333);
  EXPECT_EQ(findings.size(), 11U);
  EXPECT_TRUE(std::ranges::none_of(findings, [](const Finding& f) { return f.grade == Grade::ok; }));
  expect_hints(findings);
  EXPECT_NE(find(findings, "ports")->what.find("tcp 8080"), std::string::npos);
  EXPECT_EQ(find(findings, "ports")->what.find("tcp 22"), std::string::npos);
}

TEST(Health, OfAHealthyMachine) {
  const SystemFacts facts{.machine = examples::serving_master().machine,
                          .root_password_locked = true,
                          .ssh_password_login = false,
                          .disk_free = 0.5,
                          .memory_free = 0.5,
                          .temperature = 50,
                          .ports = {{{"tcp", 22}, {"tcp", 3333}, {"tcp", 9100}}}};
  const Findings findings = judge_system(facts, 3333);
  EXPECT_EQ(findings.size(), 11U);
  EXPECT_EQ(worst(findings), Grade::ok);
  expect_hints(findings);
}

TEST(Health, OfAGateway) {
  EXPECT_EQ(worst(judge_gateway(examples::serving_master(), {})), Grade::ok);
  EXPECT_EQ(worst(judge_gateway(examples::standby(), {})), Grade::ok);
  EXPECT_EQ(grade_of(judge_gateway(examples::faulty(), {}), "gateway-proven"), Grade::error);
  HostStatus host = examples::standby();
  host.gateway.last_proven = host.told - std::chrono::days(31);
  EXPECT_EQ(grade_of(judge_gateway(host, {}), "gateway-proven"), Grade::warning);
  host.fault = Fault::hub_stuck;
  EXPECT_EQ(grade_of(judge_gateway(host, {}), "hub-power"), Grade::error);
  host.cluster->hub_switchable = false;
  EXPECT_EQ(grade_of(judge_gateway(host, {}), "hub"), Grade::warning);
  expect_hints(judge_gateway(host, {.hub_self_powered = true}));
  EXPECT_EQ(grade_of(judge_gateway(host, {.hub_self_powered = true}), "hub-supply"), Grade::warning);
}

TEST(Health, OfAFirstGen5InAPi4) {
  const UsbFacts direct{.model = "Raspberry Pi 4 Model B Rev 1.4", .gateway = "0658:0200", .path = "1-1.2"};
  UsbFacts behind = direct;
  behind.path = "1-1.2.1";
  EXPECT_EQ(grade_of(judge_gateway(examples::standby(), direct), "gateway-plug"), Grade::warning);
  EXPECT_FALSE(grade_of(judge_gateway(examples::standby(), behind), "gateway-plug"));
}

TEST(Health, OfAMastersNetwork) {
  NetworkFacts facts{.adverts = std::set<Advert>{}, .configured = true};
  EXPECT_EQ(worst(judge_network(cluster(), examples::serving_master(), facts)), Grade::ok);
  facts.adverts->insert({.from = "192.168.1.9", .router = 254});
  EXPECT_EQ(grade_of(judge_network(cluster(), examples::serving_master(), facts), "router-id"), Grade::error);
  facts.configured = false;
  EXPECT_EQ(grade_of(judge_network(cluster(), examples::serving_master(), facts), "keepalived"),
            Grade::error);
  expect_hints(judge_network(cluster(), examples::serving_master(), facts));
}

TEST(Health, OfAStandbysNetwork) {
  HostStatus host = examples::standby();
  NetworkFacts facts{.vip_answers = true,
                     .adverts = std::set<Advert>{{.from = "192.168.1.20", .router = 254}}};
  EXPECT_EQ(worst(judge_network(cluster(), host, facts)), Grade::ok);
  facts.adverts->insert({.from = "192.168.1.66", .router = 7});
  EXPECT_FALSE(grade_of(judge_network(cluster(), host, facts), "router-id"));
  facts.adverts->insert({.from = "192.168.1.66", .router = 254});
  EXPECT_EQ(grade_of(judge_network(cluster(), host, facts), "router-id"), Grade::error);
  facts.adverts->clear();
  EXPECT_EQ(grade_of(judge_network(cluster(), host, facts), "multicast"), Grade::error);
  host.cluster->master_name.clear();
  facts.vip_answered_by = "02:00:00:00:00:09";
  EXPECT_EQ(grade_of(judge_network(cluster(), host, facts), "vip"), Grade::error);
  facts.vip_answers = false;
  EXPECT_EQ(grade_of(judge_network(cluster(), host, facts), "vip"), Grade::ok);
  host.cluster->peers.clear();
  EXPECT_EQ(grade_of(judge_network(cluster(), host, facts), "other-hosts"), Grade::warning);
}

TEST(Health, OfADaemon) {
  EXPECT_EQ(worst(judge_daemon(examples::standby())), Grade::ok);
  EXPECT_EQ(worst(judge_daemon(examples::faulty())), Grade::error);
  EXPECT_EQ(worst(judge_daemon(fail("pizwgd is not running", "start it"))), Grade::error);
  HostStatus host = examples::faulty();
  host.maintenance = true;
  EXPECT_EQ(worst(judge_daemon(host)), Grade::warning);
}

}  // namespace
}  // namespace pizwg
