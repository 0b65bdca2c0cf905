#pragma once

#include <utility>
#include <vector>

#include "envoylet/network/connection.h"
#include "source/common/common/logger.h"

namespace Envoylet {
namespace Network {

/**
 * Owns a file descriptor and closes it.
 */
class Socket {
public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&&) = delete;

  /**
   * @return a TCP socket that does not block; not valid when the process has no descriptor left.
   */
  static Socket createTcp();

  int fd() const { return fd_; }
  bool valid() const { return fd_ >= 0; };
  void close();

private:
  int fd_;
};

/**
 * Bytes that wait to be written, with two marks. Going above the high one and coming back below
 * the low one are each reported once, so that a buffer that hovers about one mark does not make the
 * producer stutter.
 */
class WatermarkBuffer {
public:
  using Callback = void (ConnectionCallbacks::*)();

  explicit WatermarkBuffer(uint64_t high) : high_(high), low_(high / 2) {}

  /**
   * @return what to tell the callbacks after a change, null when nothing.
   */
  Callback changed();

  Buffer::Instance& bytes() { return bytes_; }

private:
  const uint64_t high_;
  const uint64_t low_;
  bool above_{false};
  Buffer::Instance bytes_;
};

/**
 * A TCP connection, downstream or upstream.
 */
class ConnectionImpl : public FilteredConnection, Logger::Loggable<Logger::Channel::connection> {
public:
  // How many bytes may wait for a slow peer before the producer is asked to pause.
  static constexpr uint64_t DefaultBufferLimit = 1024 * 1024;

  /**
   * @param connected whether the socket comes from accept(); else connect() must follow.
   */
  ConnectionImpl(Event::Dispatcher& dispatcher, Socket&& socket, const Address& remote,
                 bool connected, uint64_t buffer_limit = DefaultBufferLimit);
  ~ConnectionImpl() override;

  // Network::Connection
  uint64_t id() const override { return id_; }
  State state() const override { return state_; }
  const Address& remoteAddress() const override { return remote_; }
  Event::Dispatcher& dispatcher() override { return dispatcher_; }
  void addConnectionCallbacks(ConnectionCallbacks& callbacks) override;
  void write(Buffer::Instance& data, bool end_stream) override;
  void close(CloseType type) override;
  void readDisable(bool disable) override;

  // Network::FilteredConnection
  void setReadFilter(ReadFilterPtr filter) override;
  void connect() override;

private:
  enum class IoResult { Again, EndOfStream, Broken };

  void onFileEvent(uint32_t events);
  void onConnected();
  void onReadReady();
  void onWriteReady();
  IoResult readIntoBuffer();
  IoResult flushWriteBuffer();
  void dispatchRead(bool end_stream);
  void updateFileEvents();
  void reportWatermark();
  void closeSocket(ConnectionEvent event);

  const uint64_t id_;
  Event::Dispatcher& dispatcher_;
  Socket socket_;
  const Address remote_;
  State state_;
  Event::FileEventPtr file_event_;
  Event::TimerPtr connect_failed_timer_;
  ReadFilterPtr filter_;
  std::vector<ConnectionCallbacks*> callbacks_;
  Buffer::Instance read_buffer_;
  WatermarkBuffer write_buffer_;
  uint32_t read_disable_count_{0};
  bool write_end_stream_{false};
};

/**
 * @return a connection that will be established by connect().
 */
FilteredConnectionPtr createClientConnection(Event::Dispatcher& dispatcher, const Address& remote);

} // namespace Network
} // namespace Envoylet
