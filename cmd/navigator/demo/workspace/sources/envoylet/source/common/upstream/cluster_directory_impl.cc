#include "source/common/upstream/cluster_directory_impl.h"

#include <functional>

#include "envoylet/registry/registry.h"
#include "source/common/common/try.h"
#include "source/common/upstream/load_balancer_impl.h"

namespace Envoylet {
namespace Upstream {

bool HostImpl::healthy() const {
  return Clock::now().time_since_epoch().count() >= ejected_until_.load(std::memory_order_relaxed);
}

void HostImpl::requestEnds(bool success) {
  active_.fetch_sub(1, std::memory_order_relaxed);
  if (success) {
    failures_.store(0, std::memory_order_relaxed);
    return;
  }
  if (failures_.fetch_add(1, std::memory_order_relaxed) + 1 >= FailuresToEject) {
    failures_.store(0, std::memory_order_relaxed);
    const Clock::time_point until = Clock::now() + EjectionTime;
    ejected_until_.store(until.time_since_epoch().count(), std::memory_order_relaxed);
  }
}

ClusterImpl::ClusterImpl(const ClusterConfig& config, Stats::Scope& scope)
    : config_(config),
      stats_(ClusterTrafficStats::make(scope, "cluster." + config.name + ".")) {
  if (config.addresses.empty()) {
    throw ConfigError("cluster " + config.name + " has no host");
  }
  for (const Network::Address& address : config.addresses) {
    hosts_.push_back(std::make_shared<HostImpl>(address));
  }
  auto* factory = Registry::FactoryRegistry<LoadBalancerFactory>::getFactory(config.policy);
  if (factory == nullptr) {
    throw ConfigError("cluster " + config.name + ": unknown policy " + config.policy);
  }
  // The seed makes two proxies with the same configuration begin at different hosts.
  load_balancer_ = factory->create(hosts_, std::hash<std::string>{}(config.name));
  LOG_LINE(Debug, "cluster " << config.name << ": " << hosts_.size() << " hosts");
}

bool ClusterImpl::tryAcquireRequest() {
  // Taken first and given back when it was one too many: a check before would let two through.
  if (active_requests_.fetch_add(1, std::memory_order_relaxed) >= config_.max_requests) {
    active_requests_.fetch_sub(1, std::memory_order_relaxed);
    stats_.upstream_rq_overflow_.inc();
    return false;
  }
  stats_.upstream_rq_active_.inc();
  return true;
}

void ClusterImpl::releaseRequest() {
  active_requests_.fetch_sub(1, std::memory_order_relaxed);
  stats_.upstream_rq_active_.dec();
}

std::shared_ptr<Cluster> ClusterDirectoryImpl::find(const std::string& name) const {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto it = clusters_.find(name);
  return it == clusters_.end() ? nullptr : it->second;
}

void ClusterDirectoryImpl::addOrUpdate(const ClusterConfig& config) {
  // Made without the lock: requests go on while the hosts are set up.
  auto cluster = std::make_shared<ClusterImpl>(config, scope_);
  std::lock_guard<std::mutex> lock(mutex_);
  clusters_[config.name] = std::move(cluster);
  LOG_LINE(Info, "cluster " << config.name << " is ready");
}

} // namespace Upstream
} // namespace Envoylet
