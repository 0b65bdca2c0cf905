#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "envoylet/common/pure.h"
#include "envoylet/network/connection.h"
#include "envoylet/stats/stats.h"

namespace Envoylet {
namespace Upstream {

/**
 * The statistics of the traffic to one cluster. @see stats_macros in envoylet/stats/stats.h
 */
#define ALL_CLUSTER_TRAFFIC_STATS(COUNTER, GAUGE, HISTOGRAM)                                       \
  COUNTER(upstream_cx_connect_fail)                                                                \
  COUNTER(upstream_cx_total)                                                                       \
  COUNTER(upstream_rq_overflow)                                                                    \
  COUNTER(upstream_rq_retry)                                                                       \
  COUNTER(upstream_rq_timeout)                                                                     \
  COUNTER(upstream_rq_total)                                                                       \
  GAUGE(upstream_rq_active)                                                                        \
  HISTOGRAM(upstream_rq_time)

MAKE_STATS_STRUCT(ClusterTrafficStats, ALL_CLUSTER_TRAFFIC_STATS);

/**
 * One instance of an upstream service.
 */
class Host {
public:
  virtual ~Host() = default;

  virtual const Network::Address& address() const PURE;

  /**
   * @return whether recent requests say that the host answers.
   */
  virtual bool healthy() const PURE;

  /**
   * @return how many requests the host is working on.
   */
  virtual uint64_t activeRequests() const PURE;

  /**
   * Accounts for a request: each begin has one end.
   */
  virtual void requestBegins() PURE;
  virtual void requestEnds(bool success) PURE;
};

using HostSharedPtr = std::shared_ptr<Host>;
using HostVector = std::vector<HostSharedPtr>;

/**
 * What a load balancer may know about the request that it chooses a host for.
 */
class LoadBalancerContext {
public:
  virtual ~LoadBalancerContext() = default;

  /**
   * @return a key: requests with the same key should go to the same host. Nothing when any will do.
   */
  virtual std::optional<uint64_t> hashKey() const PURE;

  /**
   * @return whether a host was tried before for this request, and should be left out.
   */
  virtual bool alreadyTried(const Host& host) const PURE;
};

/**
 * Chooses a host of a cluster.
 */
class LoadBalancer {
public:
  virtual ~LoadBalancer() = default;

  /**
   * @param context may be null.
   * @return null when no host can take the request.
   */
  virtual HostSharedPtr chooseHost(const LoadBalancerContext* context) PURE;
};

using LoadBalancerPtr = std::unique_ptr<LoadBalancer>;

/**
 * Makes load balancers of one policy. Registered under its name with REGISTER_FACTORY.
 */
class LoadBalancerFactory {
public:
  virtual ~LoadBalancerFactory() = default;

  virtual std::string name() const PURE;
  virtual LoadBalancerPtr create(const HostVector& hosts, uint64_t seed) PURE;
};

/**
 * Identical hosts that offer one service.
 */
class Cluster {
public:
  virtual ~Cluster() = default;

  virtual const std::string& name() const PURE;
  virtual LoadBalancer& loadBalancer() PURE;
  virtual ClusterTrafficStats& trafficStats() PURE;

  /**
   * Takes one of the places for concurrent requests: the circuit breaker.
   * @return false when all are taken; the request should fail at once.
   */
  virtual bool tryAcquireRequest() PURE;
  virtual void releaseRequest() PURE;
};

/**
 * What is needed to make a cluster.
 */
struct ClusterConfig {
  std::string name;
  std::string policy{"round_robin"};
  std::vector<Network::Address> addresses;
  uint64_t max_requests{1024};
};

/**
 * All the clusters of the process, by name.
 */
class ClusterDirectory {
public:
  virtual ~ClusterDirectory() = default;

  /**
   * @return null when there is none of that name. The pointer keeps the cluster alive through an
   * update.
   */
  virtual std::shared_ptr<Cluster> find(const std::string& name) const PURE;

  /**
   * Adds a cluster, or puts another in its place. Exchanges in flight keep the old one.
   * @throw ConfigError when the policy is unknown or there is no host.
   */
  virtual void addOrUpdate(const ClusterConfig& config) PURE;
};

} // namespace Upstream
} // namespace Envoylet
