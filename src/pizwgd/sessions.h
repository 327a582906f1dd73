#pragma once
// Who may come in, and who is in: the identity, the port 3333 while it is told to listen, and at most one
// session on the gateway. The same client's newer connection supersedes its older one; another client is
// turned away. Does not decide when to listen, nor what follows from a session's end.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include "adapters/file_watch.h"
#include "adapters/tls_context.h"
#include "adapters/tls_listener.h"
#include "base/error.h"
#include "core/config.h"
#include "core/host_status.h"
#include "core/rate_limit.h"
#include "pizwgd/bridge.h"
#include "pizwgd/gateway.h"

namespace pizwg {

class Sessions {
 public:
  struct Handlers {
    std::function<void()> identity_appeared;  // one that can be used
    std::function<void()> identity_missing;   // there has been none, and now we know why
    std::function<void()> started;            // not when a session supersedes another
    std::function<void()> ended;              // by itself: not by end()
    std::function<void()> superseded;         // by the same client's newer connection
    // Another host of the cluster, which is no session. Without it they are strangers.
    std::function<void(std::unique_ptr<TlsConnection>)> host_connected{};
  };

  // `root`: the folder under which the identity is looked for, normally "/". What happens is counted into
  // `record`.
  Sessions(asio::io_context& io, const Config& config, std::filesystem::path root, Gateway& gateway,
           Handlers handlers, HostRecord& record);

  // Reads the identity, calling back, and reads it again whenever its files change.
  void start();
  void reread_identity() { read_identity(); }

  // Errors: the address is not ours, or in use. Nothing, when it is listening.
  Result<void> listen();
  void stop_listening();
  bool listening() const { return listener_ != nullptr; }
  bool has_identity() const { return identity_.has_value(); }
  // Null while there is none.
  const TlsContext* identity() const { return identity_ ? &*identity_ : nullptr; }
  bool has_session() const { return session_ != nullptr; }

  // The gateway is there (again): for a session that waits for it.
  void gateway_opened();
  // Nothing, without a session.
  void end(SessionEnd why);

  // With the bytes of the session that runs.
  SessionCounts counts() const;
  std::optional<SessionStatus> session_status(const Now& now) const;
  std::vector<CertificateStatus> certificates() const;

  // For people: "serving pizwg-client from 192.168.1.5:40000", "no identity: …"; empty when there is nothing
  // to say.
  std::string description() const;

 private:
  void read_identity();
  void read_identity_later();
  void identity_unusable(const Error& why);
  void identity_changed(TlsContext fresh);
  void client_authenticated(std::unique_ptr<TlsConnection> client);
  void start_session(std::unique_ptr<TlsConnection> client);
  void session_ended(SessionEnd why, const std::string& detail);
  void refused(const TlsConnection& connection, Refusal refusal, const std::string& detail);

  asio::io_context& io_;
  const Config& config_;
  const std::filesystem::path root_;
  Gateway& gateway_;
  Handlers handlers_;
  HostRecord& record_;
  asio::steady_timer identity_timer_;
  std::map<Refusal, RateLimit> refusal_logs_;
  std::optional<TlsContext> identity_;
  Error identity_trouble_;
  std::optional<FileWatch> identity_watch_;
  std::unique_ptr<TlsListener> listener_;
  std::unique_ptr<Bridge> session_;
  bool replacing_ = false;  // the session that ends makes room for the same client's next
  bool ending_ = false;     // the session that ends was told to
};

}  // namespace pizwg
