#pragma once

#include <cstdint>
#include <string>

#include "envoylet/common/pure.h"

namespace Envoylet {
namespace Stats {

/**
 * Only ever grows.
 */
class Counter {
public:
  virtual ~Counter() = default;
  virtual void add(uint64_t amount) PURE;
  virtual uint64_t value() const PURE;
  void inc() { add(1); };
};

/**
 * Goes up and down.
 */
class Gauge {
public:
  virtual ~Gauge() = default;
  virtual void add(uint64_t amount) PURE;
  virtual void sub(uint64_t amount) PURE;
  virtual uint64_t value() const PURE;
  void inc() { add(1); };
  void dec() { sub(1); };
};

/**
 * Remembers how values are distributed.
 */
class Histogram {
public:
  virtual ~Histogram() = default;
  virtual void recordValue(uint64_t value) PURE;

  /**
   * @return a value that at least this share of those recorded does not exceed.
   * @param share from 0 to 1.
   */
  virtual uint64_t quantile(double share) const PURE;
};

/**
 * Makes statistics. The same name gives the same object, which lives as long as the scope.
 */
class Scope {
public:
  virtual ~Scope() = default;
  virtual Counter& counter(const std::string& name) PURE;
  virtual Gauge& gauge(const std::string& name) PURE;
  virtual Histogram& histogram(const std::string& name) PURE;
};

// stats_macros: a component lists its statistics once, in a table such as
//
//   #define ALL_COFFEE_STATS(COUNTER, GAUGE, HISTOGRAM)
//     COUNTER(cups_total)
//     GAUGE(cups_active)
//
// and the table makes both the members of a struct and the code that fills them. A statistic can
// then not be declared and forgotten, or filled under another name.

#define GENERATE_COUNTER_STRUCT(NAME) ::Envoylet::Stats::Counter& NAME##_;
#define GENERATE_GAUGE_STRUCT(NAME) ::Envoylet::Stats::Gauge& NAME##_;
#define GENERATE_HISTOGRAM_STRUCT(NAME) ::Envoylet::Stats::Histogram& NAME##_;

#define FILL_COUNTER(NAME) scope.counter(prefix + #NAME),
#define FILL_GAUGE(NAME) scope.gauge(prefix + #NAME),
#define FILL_HISTOGRAM(NAME) scope.histogram(prefix + #NAME),

// Defines a struct of the statistics of a table, with a function that finds them in a scope.
#define MAKE_STATS_STRUCT(StructName, ALL_STATS)                                                   \
  struct StructName {                                                                              \
    static StructName make(::Envoylet::Stats::Scope& scope, const std::string& prefix) {           \
      return {ALL_STATS(FILL_COUNTER, FILL_GAUGE, FILL_HISTOGRAM)};                                \
    }                                                                                              \
    ALL_STATS(GENERATE_COUNTER_STRUCT, GENERATE_GAUGE_STRUCT, GENERATE_HISTOGRAM_STRUCT)           \
  }

} // namespace Stats
} // namespace Envoylet
