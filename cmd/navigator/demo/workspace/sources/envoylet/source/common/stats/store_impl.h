#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>

#include "envoylet/common/thread_annotations.h"
#include "envoylet/stats/stats.h"

namespace Envoylet {
namespace Stats {

/**
 * A number that any thread may change. Counting must cost almost nothing: no lock, and no order
 * among different statistics.
 */
template <class Interface> class AtomicValue : public Interface {
public:
  void add(uint64_t amount) override { value_.fetch_add(amount, std::memory_order_relaxed); }
  uint64_t value() const override { return value_.load(std::memory_order_relaxed); }

protected:
  std::atomic<uint64_t> value_{0};
};

using CounterImpl = AtomicValue<Counter>;

class GaugeImpl : public AtomicValue<Gauge> {
public:
  void sub(uint64_t amount) override { value_.fetch_sub(amount, std::memory_order_relaxed); }
};

/**
 * Counts values in buckets whose bounds are the powers of two: small, and right to a factor of two.
 */
class HistogramImpl : public Histogram {
public:
  void recordValue(uint64_t value) override {
    buckets_[std::bit_width(value)].fetch_add(1, std::memory_order_relaxed);
  }

  uint64_t quantile(double share) const override {
    uint64_t total = 0;
    for (const auto& bucket : buckets_) {
      total += bucket.load(std::memory_order_relaxed);
    }
    uint64_t seen = 0;
    for (size_t width = 0; width < buckets_.size(); width++) {
      seen += buckets_[width].load(std::memory_order_relaxed);
      if (seen > 0 && static_cast<double>(seen) >= share * static_cast<double>(total)) {
        return width == 0 ? 0 : (~uint64_t{0} >> (64 - width));
      }
    }
    return 0;
  }

private:
  // One for each number of bits that a value may have, from 0 to 64.
  std::array<std::atomic<uint64_t>, 65> buckets_{};
};

/**
 * Owns every statistic of the process.
 */
class StoreImpl : public Scope {
public:
  // Stats::Scope
  Counter& counter(const std::string& name) override { return find(counters_, name); }
  Gauge& gauge(const std::string& name) override { return find(gauges_, name); }
  Histogram& histogram(const std::string& name) override { return find(histograms_, name); }

  /**
   * Writes every statistic as a line `name: value`, in order of name.
   */
  void print(std::ostream& out) const ABSL_LOCKS_EXCLUDED(mutex_) {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [name, counter] : counters_) {
      out << name << ": " << counter->value() << "\n";
    }
    for (const auto& [name, gauge] : gauges_) {
      out << name << ": " << gauge->value() << "\n";
    }
    for (const auto& [name, histogram] : histograms_) {
      out << name << ": p50 " << histogram->quantile(0.5) << ", p99 "
          << histogram->quantile(0.99) << "\n";
    }
  }

private:
  template <class T> using ByName = std::map<std::string, std::unique_ptr<T>>;

  template <class T> T& find(ByName<T>& all, const std::string& name) ABSL_LOCKS_EXCLUDED(mutex_) {
    std::lock_guard<std::mutex> lock(mutex_);
    std::unique_ptr<T>& slot = all[name];
    if (slot == nullptr) {
      slot = std::make_unique<T>();
    }
    return *slot;
  }

  mutable std::mutex mutex_;
  ByName<CounterImpl> counters_ ABSL_GUARDED_BY(mutex_);
  ByName<GaugeImpl> gauges_ ABSL_GUARDED_BY(mutex_);
  ByName<HistogramImpl> histograms_ ABSL_GUARDED_BY(mutex_);
};

} // namespace Stats
} // namespace Envoylet
