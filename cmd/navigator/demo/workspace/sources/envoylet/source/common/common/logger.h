#pragma once

#include <atomic>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>

#include "envoylet/common/thread_annotations.h"

namespace Envoylet {
namespace Logger {

// Every channel of the log. A component chooses one; each has a level of its own.
// clang-format off
#define ALL_LOG_CHANNELS(FUNCTION) \
  FUNCTION(connection)             \
  FUNCTION(event)                  \
  FUNCTION(filter)                 \
  FUNCTION(forward)                \
  FUNCTION(http)                   \
  FUNCTION(main)                   \
  FUNCTION(upstream)
// clang-format on

#define GENERATE_ENUM(NAME) NAME,

enum class Channel {
  ALL_LOG_CHANNELS(GENERATE_ENUM)
};

#undef GENERATE_ENUM

enum class Level { Trace, Debug, Info, Warn, Error, Off };

/**
 * Where lines go, and which are wanted. One for the process.
 */
class Registry {
public:
  static Registry& get();

  bool wants(Channel channel, Level level) const {
    return level >= levels_[static_cast<size_t>(channel)].load(std::memory_order_relaxed);
  }

  /**
   * Sets the level of a channel.
   * @return false when there is no channel of that name.
   */
  bool setLevel(std::string_view channel, Level level);
  void setAllLevels(Level level);

  /**
   * Writes a line, whole, also when several threads write.
   */
  void write(Channel channel, Level level, const std::string& line) ABSL_LOCKS_EXCLUDED(mutex_);

private:
  static constexpr size_t ChannelCount = 16;

  std::mutex mutex_;
  uint64_t lines_ ABSL_GUARDED_BY(mutex_){0};
  std::atomic<Level> levels_[ChannelCount]{};
};

/**
 * Gives a class its channel, for LOG_LINE.
 */
template <Channel channel> class Loggable {
protected:
  static constexpr Channel logChannel() { return channel; };
};

} // namespace Logger

// Writes a line, of parts joined with <<. The parts are not evaluated when nobody wants the line.
#define LOG_TO_CHANNEL(CHANNEL, LEVEL, PARTS)                                                      \
  do {                                                                                             \
    if (::Envoylet::Logger::Registry::get().wants(CHANNEL, ::Envoylet::Logger::Level::LEVEL)) {    \
      std::ostringstream line;                                                                     \
      line << PARTS;                                                                               \
      ::Envoylet::Logger::Registry::get().write(CHANNEL, ::Envoylet::Logger::Level::LEVEL,         \
                                                line.str());                                       \
    }                                                                                              \
  } while (0)

// The same, to the channel of the class.
#define LOG_LINE(LEVEL, PARTS) LOG_TO_CHANNEL(logChannel(), LEVEL, PARTS)

// The same, beginning with the id of a connection.
#define LOG_CONNECTION(LEVEL, CONNECTION, PARTS)                                                   \
  LOG_LINE(LEVEL, "[C" << (CONNECTION).id() << "] " << PARTS)

} // namespace Envoylet
