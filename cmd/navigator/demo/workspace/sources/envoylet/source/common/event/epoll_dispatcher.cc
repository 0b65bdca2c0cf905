#include "source/common/event/epoll_dispatcher.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace Envoylet {
namespace Event {

namespace {

constexpr int MaxEventsPerTurn = 64;

int createEpoll() {
#if defined(EPOLL_CLOEXEC)
  const int fd = ::epoll_create1(EPOLL_CLOEXEC);
  if (fd >= 0) {
#else
  const int fd = ::epoll_create(MaxEventsPerTurn);
  if (fd >= 0 && ::fcntl(fd, F_SETFD, FD_CLOEXEC) == 0) {
#endif
    return fd;
  }
  return -1;
}

uint32_t toEpoll(uint32_t events) {
  // EPOLLERR and EPOLLHUP need no bit: they are always reported.
  uint32_t mask = 0;
  if (events & FileReadyType::Read) {
    mask |= EPOLLIN;
  }
  if (events & FileReadyType::Write) {
    mask |= EPOLLOUT;
  }
  return mask;
}

uint32_t fromEpoll(uint32_t mask) {
  uint32_t events = 0;
  if (mask & EPOLLIN) {
    events |= FileReadyType::Read;
  }
  if (mask & EPOLLOUT) {
    events |= FileReadyType::Write;
  }
  if (mask & (EPOLLERR | EPOLLHUP)) {
    // Reading or writing will fail, and that is how the owner learns what is wrong.
    events |= FileReadyType::Closed | FileReadyType::Read | FileReadyType::Write;
  }
  return events;
}

} // namespace

class EpollDispatcher::FileEventImpl : public FileEvent {
public:
  FileEventImpl(EpollDispatcher& parent, int fd, FileReadyCb cb, uint32_t events)
      : parent_(parent), fd_(fd), cb_(std::move(cb)) {
    control(EPOLL_CTL_ADD, events);
    parent_.file_events_.insert(this);
  }

  ~FileEventImpl() override {
    parent_.file_events_.erase(this);
    ::epoll_ctl(parent_.epoll_fd_, EPOLL_CTL_DEL, fd_, nullptr);
  }

  // Event::FileEvent
  void setEnabled(uint32_t events) override { control(EPOLL_CTL_MOD, events); }

  void ready(uint32_t mask) {
    const FileReadyCb cb = cb_; // the callback may destroy this event, and itself with it
    cb(fromEpoll(mask));
  }

private:
  void control(int operation, uint32_t events) {
    epoll_event event{};
    event.events = toEpoll(events);
    event.data.ptr = this;
    ::epoll_ctl(parent_.epoll_fd_, operation, fd_, &event);
  }

  EpollDispatcher& parent_;
  const int fd_;
  const FileReadyCb cb_;
};

class EpollDispatcher::TimerImpl : public Timer {
public:
  TimerImpl(EpollDispatcher& parent, TimerCb cb)
      : parent_(parent), cb_(std::move(cb)), position_(parent.timers_.end()) {}

  ~TimerImpl() override { disableTimer(); }

  // Event::Timer
  void enableTimer(std::chrono::milliseconds delay) override {
    disableTimer();
    position_ = parent_.timers_.emplace(Clock::now() + delay, this);
  }

  void disableTimer() override {
    if (enabled()) {
      parent_.timers_.erase(std::exchange(position_, parent_.timers_.end()));
    }
  }

  bool enabled() const override { return position_ != parent_.timers_.end(); }

  void fire() {
    disableTimer();
    const TimerCb cb = cb_; // the callback may destroy this timer, and itself with it
    cb();
  }

private:
  EpollDispatcher& parent_;
  const TimerCb cb_;
  TimerQueue::iterator position_;
};

EpollDispatcher::EpollDispatcher()
    : epoll_fd_(createEpoll()), wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      run_tid_(std::this_thread::get_id()) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr; // marks the descriptor that only wakes the loop up
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, wake_fd_, &event);
}

EpollDispatcher::~EpollDispatcher() {
  clearDeferredDeleteList();
  ::close(wake_fd_);
  ::close(epoll_fd_);
}

FileEventPtr EpollDispatcher::createFileEvent(int fd, FileReadyCb cb, uint32_t events) {
  return std::make_unique<FileEventImpl>(*this, fd, std::move(cb), events);
}

TimerPtr EpollDispatcher::createTimer(TimerCb cb) {
  return std::make_unique<TimerImpl>(*this, std::move(cb));
}

void EpollDispatcher::deferredDelete(DeferredDeletablePtr&& to_delete) {
  if (to_delete != nullptr) {
    to_delete_.push_back(std::move(to_delete));
  }
}

void EpollDispatcher::post(PostCb callback) {
  bool was_empty;
  {
    std::lock_guard<std::mutex> lock(post_lock_);
    was_empty = post_callbacks_.empty();
    post_callbacks_.push_back(std::move(callback));
  }
  // Who finds callbacks waiting knows that the loop was woken up for them already.
  if (was_empty) {
    wakeUp();
  }
}

void EpollDispatcher::run() {
  run_tid_ = std::this_thread::get_id();
  exit_requested_ = false;
  LOG_LINE(Debug, "running the dispatcher");
  while (!exit_requested_) {
    runOnce();
  }
}

void EpollDispatcher::exit() {
  exit_requested_ = true;
  wakeUp();
}

void EpollDispatcher::runOnce() {
  epoll_event events[MaxEventsPerTurn];
  const int count = ::epoll_wait(epoll_fd_, events, MaxEventsPerTurn, waitMilliseconds());
  if (count < 0 && errno != EINTR) {
    LOG_LINE(Error, "epoll_wait: " << std::strerror(errno));
    exit_requested_ = true;
    return;
  }
  runReady(events, std::max(count, 0));
  runTimers();
  runPostCallbacks();
  clearDeferredDeleteList();
}

int EpollDispatcher::waitMilliseconds() const {
  if (timers_.empty()) {
    return -1;
  }
  const auto left = timers_.begin()->first - Clock::now();
  // Rounded up: waking up too early would turn the loop for nothing.
  return std::max<int>(0, std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

void EpollDispatcher::runReady(const epoll_event* events, int count) {
  for (int i = 0; i < count; i++) {
    auto* file_event = static_cast<FileEventImpl*>(events[i].data.ptr);
    if (file_event == nullptr) {
      uint64_t wakeups;
      static_cast<void>(!::read(wake_fd_, &wakeups, sizeof(wakeups)));
    } else if (file_events_.contains(file_event)) {
      file_event->ready(events[i].events);
    }
  }
}

void EpollDispatcher::runTimers() {
  // A timer that enables itself again with no delay must wait for the next turn.
  const Clock::time_point now = Clock::now();
  while (!timers_.empty() && timers_.begin()->first <= now) {
    timers_.begin()->second->fire();
  }
}

void EpollDispatcher::runPostCallbacks() {
  std::list<PostCb> callbacks;
  {
    std::lock_guard<std::mutex> lock(post_lock_);
    callbacks.swap(post_callbacks_);
  }
  // Without the lock, so that a callback may post another one.
  for (const PostCb& callback : callbacks) {
    callback();
  }
}

void EpollDispatcher::clearDeferredDeleteList() {
  if (deleting_) {
    return;
  }
  // A destructor may hand over more: those go in the same turn, after the ones before them.
  deleting_ = true;
  while (!to_delete_.empty()) {
    std::vector<DeferredDeletablePtr> batch;
    batch.swap(to_delete_);
    for (DeferredDeletablePtr& item : batch) {
      item.reset();
    }
  }
  deleting_ = false;
}

void EpollDispatcher::wakeUp() {
  const uint64_t one = 1;
  static_cast<void>(!::write(wake_fd_, &one, sizeof(one)));
}

} // namespace Event
} // namespace Envoylet
