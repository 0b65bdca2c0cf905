#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "envoylet/common/thread_annotations.h"
#include "envoylet/stats/stats.h"
#include "envoylet/upstream/upstream.h"
#include "source/common/common/logger.h"

namespace Envoylet {
namespace Upstream {

/**
 * A host whose health is judged by the requests that it answers, and by nothing else ("outlier
 * detection"): after a few failures in a row it is left in peace for a while.
 */
class HostImpl : public Host {
public:
  // Failures in a row that make a host unhealthy.
  static constexpr uint32_t FailuresToEject = 3;
  // How long it stays so.
  static constexpr std::chrono::seconds EjectionTime{10};

  explicit HostImpl(const Network::Address& address) : address_(address) {}

  // Upstream::Host
  const Network::Address& address() const override { return address_; }
  bool healthy() const override;
  uint64_t activeRequests() const override { return active_.load(std::memory_order_relaxed); }
  void requestBegins() override { active_.fetch_add(1, std::memory_order_relaxed); }
  void requestEnds(bool success) override;

private:
  using Clock = std::chrono::steady_clock;

  const Network::Address address_;
  std::atomic<uint64_t> active_{0};
  std::atomic<uint32_t> failures_{0};
  std::atomic<Clock::rep> ejected_until_{0};
};

/**
 * A fixed list of hosts.
 */
class ClusterImpl : public Cluster, Logger::Loggable<Logger::Channel::upstream> {
public:
  /**
   * @throw ConfigError when the policy is unknown or there is no host.
   */
  ClusterImpl(const ClusterConfig& config, Stats::Scope& scope);

  // Upstream::Cluster
  const std::string& name() const override { return config_.name; }
  LoadBalancer& loadBalancer() override { return *load_balancer_; }
  ClusterTrafficStats& trafficStats() override { return stats_; }
  bool tryAcquireRequest() override;
  void releaseRequest() override;

private:
  const ClusterConfig config_;
  ClusterTrafficStats stats_;
  HostVector hosts_;
  LoadBalancerPtr load_balancer_;
  std::atomic<uint64_t> active_requests_{0};
};

class ClusterDirectoryImpl : public ClusterDirectory,
                             Logger::Loggable<Logger::Channel::upstream> {
public:
  explicit ClusterDirectoryImpl(Stats::Scope& scope) : scope_(scope) {}

  // Upstream::ClusterDirectory
  std::shared_ptr<Cluster> find(const std::string& name) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  void addOrUpdate(const ClusterConfig& config) override ABSL_LOCKS_EXCLUDED(mutex_);

private:
  using ClusterMap = std::unordered_map<std::string, std::shared_ptr<Cluster>>;

  Stats::Scope& scope_;
  mutable std::mutex mutex_;
  ClusterMap clusters_ ABSL_GUARDED_BY(mutex_);
};

} // namespace Upstream
} // namespace Envoylet
