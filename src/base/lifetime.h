#pragma once
// Ties callbacks to the life of the object that they call into: once it is gone, they do nothing. The event
// loop may still hold a handler that completed just before its object was destroyed; this makes that
// harmless.

#include <memory>
#include <utility>

namespace pizwg {

class Lifetime {
 public:
  Lifetime() = default;
  Lifetime(const Lifetime&) = delete;
  Lifetime& operator=(const Lifetime&) = delete;

  // Ends it for all callbacks that were bound so far, and begins a new one.
  void renew() { token_ = std::make_shared<const bool>(true); }

  // `callback`, to be called with anything; does nothing after this Lifetime's end.
  template <typename Callback>
  auto bound(Callback callback) const {
    return [alive = std::weak_ptr<const bool>(token_),
            callback = std::move(callback)](auto&&... arguments) mutable {
      if (!alive.expired()) callback(std::forward<decltype(arguments)>(arguments)...);
    };
  }

 private:
  std::shared_ptr<const bool> token_ = std::make_shared<const bool>(true);
};

}  // namespace pizwg
