#pragma once

#include <atomic>
#include <cstdint>

#include "envoylet/registry/registry.h"

namespace Envoylet {
namespace Extensions {
namespace Forward {

/**
 * How many retries may be on their way at once, in the whole process. When an upstream fails, every
 * request wants to be tried again, and twice the traffic is the last thing that it needs.
 */
class RetryBudget : public Singleton::Instance {
public:
  explicit RetryBudget(uint64_t limit) : limit_(limit) {}

  bool tryTake();
  void giveBack() { taken_.fetch_sub(1, std::memory_order_relaxed); };

private:
  const uint64_t limit_;
  std::atomic<uint64_t> taken_{0};
};

} // namespace Forward
} // namespace Extensions
} // namespace Envoylet
