#include "source/common/upstream/load_balancer_impl.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace Envoylet {
namespace Upstream {

namespace {

/**
 * FNV-1a, 64 bits, with a last stir: the names of hosts differ only in their last characters, and
 * FNV alone would put them next to each other.
 */
uint64_t hash(std::string_view text) {
  uint64_t result = 14695981039346656037ULL;
  for (const unsigned char c : text) {
    result = (result ^ c) * 1099511628211ULL;
  }
  result ^= result >> 33;
  result *= 0xff51afd7ed558ccdULL;
  return result ^ (result >> 33);
}

/**
 * A factory of any policy whose constructor takes the hosts and a seed.
 */
template <class Policy> class PolicyFactory : public LoadBalancerFactory {
public:
  explicit PolicyFactory(std::string name) : name_(std::move(name)) {}

  // Upstream::LoadBalancerFactory
  std::string name() const override { return name_; }
  LoadBalancerPtr create(const HostVector& hosts, uint64_t seed) override {
    return std::make_unique<Policy>(hosts, seed);
  }

private:
  const std::string name_;
};

} // namespace

// A host that failed often is left alone until it has had time to recover: see HostImpl. When all
// of them are, the request fails at once, and the client learns of it while it still waits.
HostSharedPtr LoadBalancerBase::chooseHost(const LoadBalancerContext* context) {
  const HostVector all = candidates(context);
  if (all.empty()) {
    return nullptr;
  }
  std::lock_guard<std::mutex> lock(mutex_);
  return pick(all, context);
}

HostVector LoadBalancerBase::candidates(const LoadBalancerContext* context) const {
  HostVector result;
  for (const HostSharedPtr& host : hosts_) {
    if (host->healthy()) {
      result.push_back(host);
    }
  }
  if (context == nullptr) {
    return result;
  }
  HostVector untried;
  for (const HostSharedPtr& host : result) {
    if (!context->alreadyTried(*host)) {
      untried.push_back(host);
    }
  }
  // A host that was tried is better than none.
  return untried.empty() ? result : untried;
}

HostSharedPtr RoundRobinLoadBalancer::pick(const HostVector& candidates,
                                           const LoadBalancerContext*) {
  return candidates[next_++ % candidates.size()];
}

HostSharedPtr LeastRequestLoadBalancer::pick(const HostVector& candidates,
                                             const LoadBalancerContext*) {
  const HostSharedPtr& first = candidates[random_() % candidates.size()];
  const HostSharedPtr& second = candidates[random_() % candidates.size()];
  return second->activeRequests() < first->activeRequests() ? second : first;
}

RingHashLoadBalancer::RingHashLoadBalancer(const HostVector& hosts, uint64_t seed)
    : LoadBalancerBase(hosts), random_(seed) {
  ring_.reserve(hosts.size() * PlacesPerHost);
  for (const HostSharedPtr& host : hosts) {
    for (int i = 0; i < PlacesPerHost; i++) {
      ring_.emplace_back(hash(host->address().asString() + "_" + std::to_string(i)), host);
    }
  }
  std::sort(ring_.begin(), ring_.end(),
            [](const Place& a, const Place& b) { return a.first < b.first; });
}

HostSharedPtr RingHashLoadBalancer::pick(const HostVector& candidates,
                                         const LoadBalancerContext* context) {
  const std::optional<uint64_t> key = context == nullptr ? std::nullopt : context->hashKey();
  const uint64_t wanted = key.has_value() ? *key : random_();
  const auto before = [](const Place& place, uint64_t value) { return place.first < value; };
  auto it = std::lower_bound(ring_.begin(), ring_.end(), wanted, before);
  // On from there to the first host that may be chosen. Every candidate is on the ring.
  for (size_t steps = 0; steps < ring_.size(); steps++, it++) {
    if (it == ring_.end()) {
      it = ring_.begin();
    }
    if (std::find(candidates.begin(), candidates.end(), it->second) != candidates.end()) {
      return it->second;
    }
  }
  return candidates.front();
}

class RoundRobinFactory : public PolicyFactory<RoundRobinLoadBalancer> {
public:
  RoundRobinFactory() : PolicyFactory("round_robin") {}
};

class LeastRequestFactory : public PolicyFactory<LeastRequestLoadBalancer> {
public:
  LeastRequestFactory() : PolicyFactory("least_request") {}
};

class RingHashFactory : public PolicyFactory<RingHashLoadBalancer> {
public:
  RingHashFactory() : PolicyFactory("ring_hash") {}
};

REGISTER_FACTORY(RoundRobinFactory, LoadBalancerFactory);
REGISTER_FACTORY(LeastRequestFactory, LoadBalancerFactory);
REGISTER_FACTORY(RingHashFactory, LoadBalancerFactory);

} // namespace Upstream
} // namespace Envoylet
