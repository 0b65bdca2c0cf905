#include "source/common/common/logger.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace Envoylet {
namespace Logger {

namespace {

#define GENERATE_NAME(NAME) #NAME,

constexpr std::string_view ChannelNames[] = {ALL_LOG_CHANNELS(GENERATE_NAME)};

#undef GENERATE_NAME

constexpr std::array<const char*, 6> LevelNames = {"trace", "debug", "info",
                                                   "warn",  "error", "off"};

double secondsSinceStart() {
  using Clock = std::chrono::steady_clock;
  static const Clock::time_point start = Clock::now();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

} // namespace

Registry& Registry::get() {
  static Registry* registry = [] {
    auto* made = new Registry;
    made->setAllLevels(Level::Info);
    return made;
  }();
  return *registry;
}

bool Registry::setLevel(std::string_view channel, Level level) {
  static_assert(std::size(ChannelNames) <= ChannelCount, "raise ChannelCount");
  for (size_t i = 0; i < std::size(ChannelNames); i++) {
    if (ChannelNames[i] == channel) {
      levels_[i].store(level, std::memory_order_relaxed);
      return true;
    }
  }
  return false;
}

void Registry::setAllLevels(Level level) {
  for (std::atomic<Level>& one : levels_) {
    one.store(level, std::memory_order_relaxed);
  }
}

void Registry::write(Channel channel, Level level, const std::string& line) {
  std::lock_guard<std::mutex> lock(mutex_);
  lines_++;
  std::fprintf(stderr, "[%9.3f][%s][%s] %s\n", secondsSinceStart(),
               LevelNames[static_cast<size_t>(level)],
               ChannelNames[static_cast<size_t>(channel)].data(), line.c_str());
}

} // namespace Logger
} // namespace Envoylet
