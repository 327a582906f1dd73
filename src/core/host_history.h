#pragma once
// Keeps the record of a host's roles: what each step of the lifecycle means for it. Pure: the caller has the
// clock.

#include "core/host_record.h"
#include "core/lifecycle.h"

namespace pizwg {

class HostHistory {
 public:
  explicit HostHistory(HostRecord& record) : record_(record) {}

  // The lifecycle was `before`, `event` happened, and now it is `after`.
  void stepped(const Lifecycle& before, Event event, const Lifecycle& after, const Now& now);

 private:
  void change_role(const Lifecycle& after, Event event, const Now& now);

  HostRecord& record_;
  std::optional<TimePoint> elected_at_;  // and could not serve yet
  std::optional<Event> gives_up_for_;    // why this master lets the VIP go, when it is its own choice
};

}  // namespace pizwg
