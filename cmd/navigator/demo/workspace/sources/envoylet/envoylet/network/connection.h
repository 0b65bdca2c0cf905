#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "envoylet/buffer/buffer.h"
#include "envoylet/common/pure.h"
#include "envoylet/event/dispatcher.h"

namespace Envoylet {
namespace Network {

/**
 * An IPv4 address and a port.
 */
struct Address {
  std::string host;
  uint16_t port{0};

  std::string asString() const { return host + ":" + std::to_string(port); };
  bool operator==(const Address& other) const = default;
};

/**
 * What happened to a connection.
 */
enum class ConnectionEvent {
  Connected,   // an upstream connection was established
  RemoteClose, // the peer closed it, or the network broke it
  LocalClose,  // this process closed it
};

enum class CloseType {
  FlushWrite, // close when everything written has left
  NoFlush,    // close at once
};

enum class FilterStatus {
  Continue,      // the bytes were consumed
  StopIteration, // nothing more is wanted for now; the bytes stay in the buffer
};

/**
 * Watches a connection.
 */
class ConnectionCallbacks {
public:
  virtual ~ConnectionCallbacks() = default;

  virtual void onEvent(ConnectionEvent event) PURE;

  /**
   * The peer reads more slowly than this process writes: whoever produces the bytes should pause.
   */
  virtual void onAboveWriteBufferHighWatermark() PURE;

  /**
   * The write buffer has drained far enough to go on.
   */
  virtual void onBelowWriteBufferLowWatermark() PURE;
};

class Connection : public Event::DeferredDeletable {
public:
  enum class State { Connecting, Open, Closing, Closed };

  virtual uint64_t id() const PURE;
  virtual State state() const PURE;
  virtual const Address& remoteAddress() const PURE;
  virtual Event::Dispatcher& dispatcher() PURE;

  virtual void addConnectionCallbacks(ConnectionCallbacks& callbacks) PURE;

  /**
   * Queues bytes for the peer.
   * @param data is left empty.
   * @param end_stream half-closes the connection after the last byte.
   */
  virtual void write(Buffer::Instance& data, bool end_stream) PURE;

  virtual void close(CloseType type) PURE;

  /**
   * Stops or resumes reading. Calls nest: as many resumes as stops are needed.
   */
  virtual void readDisable(bool disable) PURE;
};

using ConnectionPtr = std::unique_ptr<Connection>;

/**
 * Consumes the bytes that arrive on a connection. A network filter sees a stream of bytes and
 * knows no requests: it works at L4.
 */
class ReadFilter {
public:
  virtual ~ReadFilter() = default;

  virtual FilterStatus onData(Buffer::Instance& data, bool end_stream) PURE;

  /**
   * Called once, before any data.
   */
  virtual void initializeReadFilter(Connection& connection) PURE;
};

using ReadFilterPtr = std::unique_ptr<ReadFilter>;

/**
 * A connection whose bytes are consumed by a filter that it owns.
 */
class FilteredConnection : public Connection {
public:
  virtual void setReadFilter(ReadFilterPtr filter) PURE;

  /**
   * Starts to connect, for connections to an upstream. The result comes as a ConnectionEvent.
   */
  virtual void connect() PURE;
};

using FilteredConnectionPtr = std::unique_ptr<FilteredConnection>;

} // namespace Network
} // namespace Envoylet
