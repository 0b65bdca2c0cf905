#pragma once

#include <sys/epoll.h>

#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

#include "envoylet/common/thread_annotations.h"
#include "envoylet/event/dispatcher.h"
#include "source/common/common/logger.h"

namespace Envoylet {
namespace Event {

/**
 * A dispatcher over epoll(7). Each turn of the loop does the same, in this order: wait, run the
 * callbacks of ready descriptors, run the timers that are due, run what was posted, and at last
 * destroy what was handed over to deferredDelete().
 */
class EpollDispatcher : public Dispatcher, Logger::Loggable<Logger::Channel::event> {
public:
  EpollDispatcher();
  ~EpollDispatcher() override;

  // Event::Dispatcher
  FileEventPtr createFileEvent(int fd, FileReadyCb cb, uint32_t events) override;
  TimerPtr createTimer(TimerCb cb) override;
  void deferredDelete(DeferredDeletablePtr&& to_delete) override;
  void post(PostCb callback) override ABSL_LOCKS_EXCLUDED(post_lock_);
  void run() override;
  void exit() override;
  bool isThreadSafe() const override { return run_tid_ == std::this_thread::get_id(); };

private:
  using Clock = std::chrono::steady_clock;

  class FileEventImpl;
  class TimerImpl;

  // Timers by the time when they are due; the first is the next one.
  using TimerQueue = std::multimap<Clock::time_point, TimerImpl*>;

  void runOnce();
  int waitMilliseconds() const;
  void runReady(const epoll_event* events, int count);
  void runTimers();
  void runPostCallbacks();
  void clearDeferredDeleteList();
  void wakeUp();

  const int epoll_fd_;
  const int wake_fd_;
  std::thread::id run_tid_;
  bool exit_requested_{false};
  TimerQueue timers_;
  // An event may be destroyed by the callback of another one of the same turn. Only those in this
  // set are still alive.
  std::unordered_set<FileEventImpl*> file_events_;
  std::vector<DeferredDeletablePtr> to_delete_;
  bool deleting_{false};
  std::mutex post_lock_;
  std::list<PostCb> post_callbacks_ ABSL_GUARDED_BY(post_lock_);
};

} // namespace Event
} // namespace Envoylet
