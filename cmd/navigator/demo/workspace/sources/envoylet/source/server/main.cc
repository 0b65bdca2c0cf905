#include <signal.h>

#include <charconv>
#include <fstream>
#include <iostream>
#include <list>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "envoylet/http/filter.h"
#include "envoylet/registry/registry.h"
#include "source/common/common/logger.h"
#include "source/common/common/try.h"
#include "source/common/event/epoll_dispatcher.h"
#include "source/common/http/exchange_manager_impl.h"
#include "source/common/network/listener_impl.h"
#include "source/common/router/route_table.h"
#include "source/common/stats/store_impl.h"
#include "source/common/upstream/cluster_directory_impl.h"

namespace Envoylet {
namespace Server {

namespace {

struct FilterEntry {
  std::string name;
  Http::FilterOptions options;
};

/**
 * The configuration file, read. See configs/front.conf for its format, and api/bootstrap.proto for
 * the same as messages.
 */
struct Bootstrap {
  Network::Address listen;
  uint32_t workers{1};
  std::vector<FilterEntry> filters;
  std::vector<Upstream::ClusterConfig> clusters;
  std::vector<Router::RouteRule> routes;
};

Network::Address parseAddress(const std::string& text) {
  const size_t colon = text.rfind(':');
  Network::Address address;
  if (colon != std::string::npos) {
    address.host = text.substr(0, colon);
    const char* end = text.data() + text.size();
    if (std::from_chars(text.data() + colon + 1, end, address.port).ptr == end) {
      return address;
    }
  }
  throw ConfigError("not an address: " + text);
}

FilterEntry parseFilter(std::istream& words) {
  FilterEntry entry;
  words >> entry.name;
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos) {
      throw ConfigError("an option is written key=value: " + word);
    }
    entry.options[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return entry;
}

void parseLine(const std::string& line, Bootstrap& into) {
  std::istringstream words(line);
  std::string directive;
  words >> directive;
  if (directive.empty() || directive.starts_with('#')) {
    return;
  }
  if (directive == "listen") {
    std::string address;
    words >> address;
    into.listen = parseAddress(address);
  } else if (directive == "workers") {
    words >> into.workers;
  } else if (directive == "filter") {
    into.filters.push_back(parseFilter(words));
  } else if (directive == "cluster") {
    Upstream::ClusterConfig cluster;
    words >> cluster.name >> cluster.policy;
    for (std::string address; words >> address;) {
      cluster.addresses.push_back(parseAddress(address));
    }
    into.clusters.push_back(cluster);
  } else if (directive == "route") {
    Router::RouteRule rule;
    words >> rule.domain >> rule.prefix >> rule.cluster >> rule.rewrite;
    into.routes.push_back(rule);
  } else {
    throw ConfigError("unknown directive: " + directive);
  }
}

Bootstrap loadBootstrap(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw ConfigError("cannot read " + path);
  }
  Bootstrap bootstrap;
  for (std::string line; std::getline(file, line);) {
    parseLine(line, bootstrap);
  }
  return bootstrap;
}

/**
 * A thread with an event loop, a listener and the connections that it accepted. Workers share the
 * clusters and the statistics, and nothing else: a connection stays on one thread from accept() to
 * close().
 */
class Worker : Logger::Loggable<Logger::Channel::main> {
public:
  Worker(const Network::Address& address, Http::ExchangeManagerConfigConstSharedPtr config)
      : config_(std::move(config)),
        listener_(dispatcher_, address, [this](Network::FilteredConnectionPtr connection) {
          onAccept(std::move(connection));
        }) {}

  void start() {
    thread_ = std::thread([this] { dispatcher_.run(); });
  }

  void stop() {
    dispatcher_.post([this] {
      while (!connections_.empty()) {
        connections_.front()->connection_->close(Network::CloseType::NoFlush);
      }
      dispatcher_.exit();
    });
    thread_.join();
  }

private:
  struct ActiveConnection : Network::ConnectionCallbacks, Event::DeferredDeletable {
    ActiveConnection(Worker& worker, Network::FilteredConnectionPtr connection)
        : worker_(worker), connection_(std::move(connection)) {}

    // Network::ConnectionCallbacks
    void onEvent(Network::ConnectionEvent event) override {
      if (event != Network::ConnectionEvent::Connected) {
        worker_.remove(*this);
      }
    }
    void onAboveWriteBufferHighWatermark() override {}
    void onBelowWriteBufferLowWatermark() override {}

    Worker& worker_;
    const Network::FilteredConnectionPtr connection_;
    std::list<std::unique_ptr<ActiveConnection>>::iterator position_;
  };

  void onAccept(Network::FilteredConnectionPtr connection) {
    connections_.push_back(std::make_unique<ActiveConnection>(*this, std::move(connection)));
    ActiveConnection& active = *connections_.back();
    active.position_ = std::prev(connections_.end());
    active.connection_->addConnectionCallbacks(active);
    active.connection_->setReadFilter(std::make_unique<Http::ExchangeManagerImpl>(config_));
  }

  void remove(ActiveConnection& active) {
    std::unique_ptr<ActiveConnection> removed = std::move(*active.position_);
    connections_.erase(active.position_);
    dispatcher_.deferredDelete(std::move(removed));
  }

  const Http::ExchangeManagerConfigConstSharedPtr config_;
  Event::EpollDispatcher dispatcher_;
  std::list<std::unique_ptr<ActiveConnection>> connections_;
  Network::ListenerImpl listener_;
  std::thread thread_;
};

/**
 * The process: everything that the configuration names, made in the order in which it is needed.
 */
class Instance : Logger::Loggable<Logger::Channel::main> {
public:
  explicit Instance(const Bootstrap& bootstrap) : clusters_(stats_) {
    for (const Upstream::ClusterConfig& cluster : bootstrap.clusters) {
      clusters_.addOrUpdate(cluster);
    }
    auto config = std::make_shared<Http::ExchangeManagerConfig>(
        Http::ExchangeManagerConfig{Http::ExchangeManagerStats::make(stats_, "http."),
                                    makeFilters(bootstrap.filters),
                                    std::make_shared<Router::RouteTable>(bootstrap.routes)});
    for (uint32_t i = 0; i < bootstrap.workers; i++) {
      workers_.push_back(std::make_unique<Worker>(bootstrap.listen, config));
    }
  }

  void run(const sigset_t& stop_signals) {
    for (const auto& worker : workers_) {
      worker->start();
    }
    LOG_LINE(Info, workers_.size() << " workers are running");
    int signal_number = 0;
    ::sigwait(&stop_signals, &signal_number);
    for (const auto& worker : workers_) {
      worker->stop();
    }
    stats_.print(std::cout);
  }

private:
  std::vector<Http::FilterFactoryCb> makeFilters(const std::vector<FilterEntry>& entries) {
    using Filters = Registry::FactoryRegistry<Http::FilterConfigFactory>;
    Http::FactoryContext context{clusters_, stats_, singletons_};
    std::vector<Http::FilterFactoryCb> result;
    for (const FilterEntry& entry : entries) {
      Http::FilterConfigFactory* factory = Filters::getFactory(entry.name);
      if (factory == nullptr) {
        std::string known;
        for (const std::string& name : Filters::names()) {
          known += " " + name;
        }
        throw ConfigError("unknown filter " + entry.name + "; there are:" + known);
      }
      result.push_back(factory->createFilterFactory(entry.options, context));
    }
    return result;
  }

  Stats::StoreImpl stats_;
  Singleton::Manager singletons_;
  Upstream::ClusterDirectoryImpl clusters_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

// Blocked before any thread begins, so that every thread inherits it and only sigwait() sees them.
sigset_t blockStopSignals() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGINT);
  ::sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return set;
}

} // namespace

int serve(const std::string& config_path) {
  const sigset_t stop_signals = blockStopSignals();
  TRY_AT_STARTUP {
    Instance instance(loadBootstrap(config_path));
    instance.run(stop_signals);
  }
  END_TRY
  CATCH(const ConfigError& e, {
    std::cerr << "envoylet: " << e.what() << "\n";
    return 1;
  });
  return 0;
}

} // namespace Server
} // namespace Envoylet

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: envoylet CONFIG [debug]\n";
    return 2;
  }
  if (argc > 2 && std::string(argv[2]) == "debug") {
    Envoylet::Logger::Registry::get().setAllLevels(Envoylet::Logger::Level::Debug);
  }
  return Envoylet::Server::serve(argv[1]);
}
