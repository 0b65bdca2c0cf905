#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <utility>
#include <vector>

#include "envoylet/common/thread_annotations.h"
#include "envoylet/registry/registry.h"
#include "envoylet/upstream/upstream.h"

namespace Envoylet {
namespace Upstream {

/**
 * What every policy shares: which hosts may be chosen at all. A policy only says which one of them.
 */
class LoadBalancerBase : public LoadBalancer {
public:
  explicit LoadBalancerBase(const HostVector& hosts) : hosts_(hosts) {}

  // Upstream::LoadBalancer
  HostSharedPtr chooseHost(const LoadBalancerContext* context) override;

protected:
  /**
   * @param candidates at least one.
   */
  virtual HostSharedPtr pick(const HostVector& candidates, const LoadBalancerContext* context)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) PURE;

  // All workers ask the same balancer. A proxy with dozens of workers gives each its own instead,
  // and pays with turns that are only fair per worker.
  std::mutex mutex_;

private:
  HostVector candidates(const LoadBalancerContext* context) const;

  const HostVector hosts_;
};

/**
 * Each host in its turn.
 */
class RoundRobinLoadBalancer : public LoadBalancerBase {
public:
  RoundRobinLoadBalancer(const HostVector& hosts, uint64_t seed)
      : LoadBalancerBase(hosts), next_(seed) {}

protected:
  HostSharedPtr pick(const HostVector& candidates, const LoadBalancerContext* context) override;

private:
  uint64_t next_ ABSL_GUARDED_BY(mutex_);
};

/**
 * The less busy one of two that are drawn at random ("the power of two choices"): nearly as good as
 * the least busy of all, without looking at all, and without every worker running to the same host.
 */
class LeastRequestLoadBalancer : public LoadBalancerBase {
public:
  LeastRequestLoadBalancer(const HostVector& hosts, uint64_t seed)
      : LoadBalancerBase(hosts), random_(seed) {}

protected:
  HostSharedPtr pick(const HostVector& candidates, const LoadBalancerContext* context) override;

private:
  std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_);
};

/**
 * The same key always to the same host. Hosts stand on a ring at many places, and a key belongs to
 * the next host on the ring: when a host comes or goes, only the keys next to it move.
 */
class RingHashLoadBalancer : public LoadBalancerBase {
public:
  // Places of each host. More of them spread the keys more evenly.
  static constexpr int PlacesPerHost = 100;

  RingHashLoadBalancer(const HostVector& hosts, uint64_t seed);

protected:
  HostSharedPtr pick(const HostVector& candidates, const LoadBalancerContext* context) override;

private:
  using Place = std::pair<uint64_t, HostSharedPtr>;

  std::vector<Place> ring_;                        // in order of the hash
  std::mt19937_64 random_ ABSL_GUARDED_BY(mutex_); // for requests without a key
};

DECLARE_FACTORY(RoundRobinFactory);
DECLARE_FACTORY(LeastRequestFactory);
DECLARE_FACTORY(RingHashFactory);

} // namespace Upstream
} // namespace Envoylet
