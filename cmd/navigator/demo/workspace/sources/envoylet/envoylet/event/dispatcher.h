#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "envoylet/common/pure.h"

namespace Envoylet {
namespace Event {

/**
 * What a file descriptor is ready for, as a bit mask.
 */
struct FileReadyType {
  static constexpr uint32_t Read = 0x1;
  static constexpr uint32_t Write = 0x2;
  static constexpr uint32_t Closed = 0x4; // broken, both ways; always reported
};

using FileReadyCb = std::function<void(uint32_t events)>;
using TimerCb = std::function<void()>;
using PostCb = std::function<void()>;

/**
 * The interest in a file descriptor. Destroying it ends the interest; it does not close the
 * descriptor.
 */
class FileEvent {
public:
  virtual ~FileEvent() = default;

  /**
   * Replaces the set of events that are waited for.
   * @param events a mask of FileReadyType.
   */
  virtual void setEnabled(uint32_t events) PURE;
};

using FileEventPtr = std::unique_ptr<FileEvent>;

/**
 * Calls back once, after a time. Destroying it cancels it.
 */
class Timer {
public:
  virtual ~Timer() = default;

  virtual void enableTimer(std::chrono::milliseconds delay) PURE;
  virtual void disableTimer() PURE;
  virtual bool enabled() const PURE;
};

using TimerPtr = std::unique_ptr<Timer>;

/**
 * Something that may be asked to die while one of its own functions is on the stack. It is handed
 * to Dispatcher::deferredDelete(), which destroys it when the stack has unwound.
 */
class DeferredDeletable {
public:
  virtual ~DeferredDeletable() = default;
};

using DeferredDeletablePtr = std::unique_ptr<DeferredDeletable>;

/**
 * The event loop of one thread. Everything that a connection does happens in callbacks of its
 * dispatcher, on one thread, so that the code of a connection needs no locks.
 */
class Dispatcher {
public:
  virtual ~Dispatcher() = default;

  /**
   * Waits for a file descriptor.
   * @param fd the descriptor, not blocking; it must outlive the event.
   * @param cb called on the dispatcher's thread each time that it is ready.
   * @param events a mask of FileReadyType.
   */
  virtual FileEventPtr createFileEvent(int fd, FileReadyCb cb, uint32_t events) PURE;

  /**
   * @return a timer that is not enabled yet.
   */
  virtual TimerPtr createTimer(TimerCb cb) PURE;

  /**
   * Destroys an object after the current callback has returned.
   */
  virtual void deferredDelete(DeferredDeletablePtr&& to_delete) PURE;

  /**
   * Runs a callback on the dispatcher's thread. The only function that other threads may call.
   */
  virtual void post(PostCb callback) PURE;

  /**
   * Runs until exit() is called.
   */
  virtual void run() PURE;
  virtual void exit() PURE;

  /**
   * @return whether the caller is on the dispatcher's thread.
   */
  virtual bool isThreadSafe() const PURE;
};

using DispatcherPtr = std::unique_ptr<Dispatcher>;

} // namespace Event
} // namespace Envoylet
