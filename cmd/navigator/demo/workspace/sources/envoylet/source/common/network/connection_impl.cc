#include "source/common/network/connection_impl.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace Envoylet {
namespace Network {

namespace {

constexpr size_t ReadSize = 16 * 1024;

// Bytes read in one turn before other connections get theirs.
constexpr size_t ReadBudget = 256 * 1024;

std::atomic<uint64_t> next_connection_id{1};

sockaddr_in toSockaddr(const Address& address) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(address.port);
  ::inet_pton(AF_INET, address.host.c_str(), &result.sin_addr);
  return result;
}

} // namespace

Socket Socket::createTcp() {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // Small messages must not wait for the acknowledgement of those before.
  const int on = 1;
  ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return socket;
}

void Socket::close() {
  if (fd_ >= 0) {
    ::close(std::exchange(fd_, -1));
  }
}

WatermarkBuffer::Callback WatermarkBuffer::changed() {
  if (!above_ && bytes_.length() > high_) {
    above_ = true;
    return &ConnectionCallbacks::onAboveWriteBufferHighWatermark;
  }
  if (above_ && bytes_.length() <= low_) {
    above_ = false;
    return &ConnectionCallbacks::onBelowWriteBufferLowWatermark;
  }
  return nullptr;
}

ConnectionImpl::ConnectionImpl(Event::Dispatcher& dispatcher, Socket&& socket,
                               const Address& remote, bool connected, uint64_t buffer_limit)
    : id_(next_connection_id++), dispatcher_(dispatcher), socket_(std::move(socket)),
      remote_(remote), state_(connected ? State::Open : State::Connecting),
      write_buffer_(buffer_limit) {
  if (connected) {
    updateFileEvents();
  }
}

ConnectionImpl::~ConnectionImpl() = default;

void ConnectionImpl::addConnectionCallbacks(ConnectionCallbacks& callbacks) {
  callbacks_.push_back(&callbacks);
}

void ConnectionImpl::setReadFilter(ReadFilterPtr filter) {
  filter_ = std::move(filter);
  filter_->initializeReadFilter(*this);
}

void ConnectionImpl::connect() {
  const sockaddr_in address = toSockaddr(remote_);
  const int rc = ::connect(socket_.fd(), reinterpret_cast<const sockaddr*>(&address),
                           sizeof(address));
  LOG_CONNECTION(Debug, *this, "connecting to " << remote_.asString());
  if (rc != 0 && errno != EINPROGRESS) {
    // The caller is still on the stack and expects the result later. A timer, and not post(),
    // because a timer goes away with the connection.
    connect_failed_timer_ =
        dispatcher_.createTimer([this] { closeSocket(ConnectionEvent::RemoteClose); });
    connect_failed_timer_->enableTimer(std::chrono::milliseconds(0));
    return;
  }
  updateFileEvents();
}

void ConnectionImpl::write(Buffer::Instance& data, bool end_stream) {
  if (state_ == State::Closed || state_ == State::Closing) {
    data.clear();
    return;
  }
  write_buffer_.bytes().move(data);
  write_end_stream_ = write_end_stream_ || end_stream;
  reportWatermark();
  if (state_ == State::Open) {
    updateFileEvents();
  }
}

void ConnectionImpl::close(CloseType type) {
  if (state_ == State::Closed) {
    return;
  }
  if (type == CloseType::FlushWrite && state_ == State::Open && !write_buffer_.bytes().empty()) {
    state_ = State::Closing;
    updateFileEvents();
    return;
  }
  closeSocket(ConnectionEvent::LocalClose);
}

void ConnectionImpl::readDisable(bool disable) {
  if (disable) {
    read_disable_count_++;
  } else if (read_disable_count_ > 0) {
    read_disable_count_--;
  }
  if (state_ != State::Open) {
    return;
  }
  updateFileEvents();
  // Bytes that came before the stop would wait for more bytes, which may never come.
  if (!disable && read_disable_count_ == 0 && !read_buffer_.empty()) {
    dispatchRead(false);
  }
}

void ConnectionImpl::onFileEvent(uint32_t events) {
  if (state_ == State::Connecting) {
    onConnected();
    return;
  }
  // A broken connection stays ready, so it must be closed even while nobody wants to read.
  if ((events & Event::FileReadyType::Closed) && read_disable_count_ > 0) {
    closeSocket(ConnectionEvent::RemoteClose);
    return;
  }
  if (events & Event::FileReadyType::Write) {
    onWriteReady();
  }
  // Writing may have closed the connection.
  if ((events & Event::FileReadyType::Read) && state_ == State::Open) {
    onReadReady();
  }
}

void ConnectionImpl::onConnected() {
  int error = 0;
  socklen_t size = sizeof(error);
  ::getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    LOG_CONNECTION(Debug, *this, "connect: " << std::strerror(error));
    closeSocket(ConnectionEvent::RemoteClose);
    return;
  }
  state_ = State::Open;
  for (ConnectionCallbacks* callbacks : callbacks_) {
    callbacks->onEvent(ConnectionEvent::Connected);
  }
  if (state_ == State::Open) {
    updateFileEvents();
  }
}

void ConnectionImpl::onReadReady() {
  const IoResult result = readIntoBuffer();
  if (result == IoResult::Broken) {
    closeSocket(ConnectionEvent::RemoteClose);
    return;
  }
  const bool end_stream = result == IoResult::EndOfStream;
  dispatchRead(end_stream);
  if (state_ == State::Open && end_stream) {
    // The peer has nothing more to say. What is still to be written may leave first.
    write_buffer_.bytes().empty() ? closeSocket(ConnectionEvent::RemoteClose)
                                  : close(CloseType::FlushWrite);
  }
}

void ConnectionImpl::onWriteReady() {
  if (flushWriteBuffer() == IoResult::Broken) {
    closeSocket(ConnectionEvent::RemoteClose);
    return;
  }
  reportWatermark();
  if (state_ == State::Closing && write_buffer_.bytes().empty()) {
    closeSocket(ConnectionEvent::LocalClose);
  } else if (state_ != State::Closed) {
    updateFileEvents();
  }
}

ConnectionImpl::IoResult ConnectionImpl::readIntoBuffer() {
  char chunk[ReadSize];
  for (size_t budget = ReadBudget; budget >= ReadSize; budget -= ReadSize) {
    const ssize_t n = ::recv(socket_.fd(), chunk, sizeof(chunk), 0);
    if (n == 0) {
      return IoResult::EndOfStream;
    }
    if (n < 0) {
      return errno == EAGAIN || errno == EINTR ? IoResult::Again : IoResult::Broken;
    }
    read_buffer_.add(std::string_view(chunk, n));
  }
  return IoResult::Again;
}

ConnectionImpl::IoResult ConnectionImpl::flushWriteBuffer() {
  Buffer::Instance& bytes = write_buffer_.bytes();
  while (!bytes.empty()) {
    const std::string_view view = bytes.view();
    const ssize_t n = ::send(socket_.fd(), view.data(), view.size(), MSG_NOSIGNAL);
    if (n < 0) {
      return errno == EAGAIN || errno == EINTR ? IoResult::Again : IoResult::Broken;
    }
    bytes.drain(n);
  }
  if (std::exchange(write_end_stream_, false)) {
    ::shutdown(socket_.fd(), SHUT_WR);
  }
  return IoResult::EndOfStream;
}

void ConnectionImpl::dispatchRead(bool end_stream) {
  if (filter_ != nullptr && (!read_buffer_.empty() || end_stream)) {
    filter_->onData(read_buffer_, end_stream);
  }
}

void ConnectionImpl::updateFileEvents() {
  uint32_t events = 0;
  if (state_ == State::Connecting || !write_buffer_.bytes().empty() || write_end_stream_) {
    events |= Event::FileReadyType::Write;
  }
  if (state_ == State::Open && read_disable_count_ == 0) {
    events |= Event::FileReadyType::Read;
  }
  if (file_event_ == nullptr) {
    file_event_ = dispatcher_.createFileEvent(
        socket_.fd(), [this](uint32_t ready) { onFileEvent(ready); }, events);
  } else {
    file_event_->setEnabled(events);
  }
}

void ConnectionImpl::reportWatermark() {
  const WatermarkBuffer::Callback callback = write_buffer_.changed();
  if (callback == nullptr) {
    return;
  }
  for (ConnectionCallbacks* callbacks : callbacks_) {
    (callbacks->*callback)();
  }
}

void ConnectionImpl::closeSocket(ConnectionEvent event) {
  if (state_ == State::Closed) {
    return;
  }
  LOG_CONNECTION(Debug, *this, "closed");
  state_ = State::Closed;
  file_event_.reset();
  socket_.close();
  for (ConnectionCallbacks* callbacks : callbacks_) {
    callbacks->onEvent(event);
  }
}

FilteredConnectionPtr createClientConnection(Event::Dispatcher& dispatcher,
                                             const Address& remote) {
  return std::make_unique<ConnectionImpl>(dispatcher, Socket::createTcp(), remote, false);
}

} // namespace Network
} // namespace Envoylet
