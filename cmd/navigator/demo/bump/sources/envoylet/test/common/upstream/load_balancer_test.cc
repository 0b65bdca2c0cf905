#include <map>
#include <memory>
#include <optional>
#include <string>

#include "source/common/upstream/cluster_directory_impl.h"
#include "source/common/upstream/load_balancer_impl.h"
#include "test/test_common/mini_test.h"

namespace Envoylet {
namespace Upstream {
namespace {

HostVector makeHosts(uint16_t count) {
  HostVector hosts;
  for (uint16_t i = 0; i < count; i++) {
    hosts.push_back(std::make_shared<HostImpl>(Network::Address{"10.0.0.1", i}));
  }
  return hosts;
}

void eject(Host& host) {
  for (uint32_t i = 0; i < HostImpl::FailuresToEject; i++) {
    host.requestBegins();
    host.requestEnds(false);
  }
}

class KeyContext : public LoadBalancerContext {
public:
  explicit KeyContext(uint64_t key) : key_(key) {}

  // Upstream::LoadBalancerContext
  std::optional<uint64_t> hashKey() const override { return key_; }
  bool alreadyTried(const Host& host) const override { return &host == tried_; }

  const Host* tried_{nullptr};

private:
  const uint64_t key_;
};

TEST(RoundRobinTest, TakesTurns) {
  const HostVector hosts = makeHosts(3);
  RoundRobinLoadBalancer balancer(hosts, 0);
  for (int turn = 0; turn < 6; turn++) {
    EXPECT_EQ(balancer.chooseHost(nullptr), hosts[turn % 3]);
  }
}

TEST(RoundRobinTest, LeavesOutUnhealthyHosts) {
  const HostVector hosts = makeHosts(3);
  eject(*hosts[1]);
  RoundRobinLoadBalancer balancer(hosts, 0);
  for (int turn = 0; turn < 6; turn++) {
    EXPECT_NE(balancer.chooseHost(nullptr), hosts[1]);
  }
}

TEST(RoundRobinTest, NoHealthyHostIsNone) {
  const HostVector hosts = makeHosts(2);
  eject(*hosts[0]);
  eject(*hosts[1]);
  RoundRobinLoadBalancer balancer(hosts, 0);
  EXPECT_EQ(balancer.chooseHost(nullptr), nullptr);
}

TEST(LeastRequestTest, PrefersTheIdleHost) {
  const HostVector hosts = makeHosts(2);
  for (int i = 0; i < 10; i++) {
    hosts[0]->requestBegins();
  }
  LeastRequestLoadBalancer balancer(hosts, 7);
  int idle = 0;
  for (int turn = 0; turn < 100; turn++) {
    idle += balancer.chooseHost(nullptr) == hosts[1] ? 1 : 0;
  }
  EXPECT_TRUE(idle > 60);
}

TEST(RingHashTest, SameKeySameHost) {
  RingHashLoadBalancer balancer(makeHosts(5), 0);
  const KeyContext context(1234567);
  EXPECT_EQ(balancer.chooseHost(&context), balancer.chooseHost(&context));
}

TEST(RingHashTest, RetryGoesToAnotherHost) {
  RingHashLoadBalancer balancer(makeHosts(5), 0);
  KeyContext context(1234567);
  const HostSharedPtr first = balancer.chooseHost(&context);
  context.tried_ = first.get();
  EXPECT_NE(balancer.chooseHost(&context), first);
}

} // namespace
} // namespace Upstream
} // namespace Envoylet

int main() { return Envoylet::MiniTest::runAll(); }
