#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <memory>

#include "envoylet/network/connection.h"
#include "source/common/common/logger.h"
#include "source/common/common/try.h"
#include "source/common/network/connection_impl.h"

namespace Envoylet {
namespace Network {

/**
 * Accepts connections on an address. Each is handed over with the dispatcher that will serve it.
 */
class ListenerImpl : Logger::Loggable<Logger::Channel::connection> {
public:
  using AcceptCb = std::function<void(FilteredConnectionPtr connection)>;

  /**
   * @throw ConfigError when the address cannot be bound.
   */
  ListenerImpl(Event::Dispatcher& dispatcher, const Address& address, AcceptCb cb)
      : dispatcher_(dispatcher), socket_(Socket::createTcp()), cb_(std::move(cb)) {
    bindAndListen(address);
    file_event_ = dispatcher_.createFileEvent(
        socket_.fd(), [this](uint32_t) { acceptAll(); }, Event::FileReadyType::Read);
  }

private:
  // Connections that wait in the kernel to be accepted.
  static constexpr int Backlog = 128;

  void bindAndListen(const Address& address) {
    const int on = 1;
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
#ifdef SO_REUSEPORT
    // Each worker listens for itself, and the kernel spreads the connections over them: no lock, no
    // thread that accepts for the others.
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
#endif
    sockaddr_in local{};
    local.sin_family = AF_INET;
    local.sin_port = htons(address.port);
    if (::inet_pton(AF_INET, address.host.c_str(), &local.sin_addr) != 1 ||
        ::bind(socket_.fd(), reinterpret_cast<sockaddr*>(&local), sizeof(local)) != 0 ||
        ::listen(socket_.fd(), Backlog) != 0) {
      throw ConfigError("cannot listen on " + address.asString());
    }
  }

  void acceptAll() {
    sockaddr_in peer{};
    for (;;) {
      socklen_t size = sizeof(peer);
      const int fd = ::accept4(socket_.fd(), reinterpret_cast<sockaddr*>(&peer), &size,
                               SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) {
        return; // none left, or the one that waited has gone
      }
      char host[INET_ADDRSTRLEN] = {};
      ::inet_ntop(AF_INET, &peer.sin_addr, host, sizeof(host));
      const Address remote{host, ntohs(peer.sin_port)};
      LOG_LINE(Debug, "accepted " << remote.asString());
      cb_(std::make_unique<ConnectionImpl>(dispatcher_, Socket(fd), remote, true));
    }
  }

  Event::Dispatcher& dispatcher_;
  Socket socket_;
  const AcceptCb cb_;
  Event::FileEventPtr file_event_;
};

using ListenerImplPtr = std::unique_ptr<ListenerImpl>;

} // namespace Network
} // namespace Envoylet
