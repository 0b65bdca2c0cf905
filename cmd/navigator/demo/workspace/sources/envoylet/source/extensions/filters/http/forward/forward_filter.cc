#include "source/extensions/filters/http/forward/forward_filter.h"

#include <chrono>
#include <functional>
#include <utility>

#include "source/common/common/try.h"
#include "source/common/http/http1_codec.h"
#include "source/common/network/connection_impl.h"

namespace Envoylet {
namespace Extensions {
namespace Forward {

SINGLETON_MANAGER_REGISTRATION(retry_budget);

namespace {

constexpr uint64_t ConcurrentRetries = 16;

struct Reply {
  uint32_t code;
  const char* details;
};

// A request that can be sent twice without doing its work twice.
bool isSafeMethod(std::string_view method) { return method == "GET" || method == "HEAD"; }

} // namespace

bool RetryBudget::tryTake() {
  if (taken_.fetch_add(1, std::memory_order_relaxed) < limit_) {
    return true;
  }
  giveBack();
  return false;
}

/**
 * One attempt on one host: a connection, the codec on it, and nothing that is shared with another
 * attempt. It may be told to die while its connection calls it, so it goes to deferredDelete().
 */
class ForwardFilter::UpstreamRequest : public Event::DeferredDeletable,
                                       public Http::StreamDecoder,
                                       public Network::ConnectionCallbacks {
public:
  UpstreamRequest(ForwardFilter& parent, Upstream::HostSharedPtr host)
      : parent_(&parent), host_(std::move(host)), start_(std::chrono::steady_clock::now()),
        connection_(Network::createClientConnection(parent.callbacks_->dispatcher(),
                                                    host_->address())),
        codec_(*connection_, *this) {
    host_->requestBegins();
    connection_->addConnectionCallbacks(*this);
    connection_->setReadFilter(std::make_unique<ResponseReader>(*this));
    connection_->connect();
  }

  /**
   * Lets go of the filter: nothing that happens from here on is reported.
   */
  void detach(bool success) {
    parent_ = nullptr;
    host_->requestEnds(success);
    connection_->close(Network::CloseType::NoFlush);
  }

  Http::StreamEncoder& encoder() { return codec_; }
  Network::Connection& connection() { return *connection_; }
  uint64_t milliseconds() const {
    const auto elapsed = std::chrono::steady_clock::now() - start_;
    return std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count();
  }

  // Http::StreamDecoder
  void decodeHeaders(Http::HeaderMapPtr&& headers, bool end_stream) override {
    parent_->onResponseHeaders(std::move(headers), end_stream);
  }
  void decodeData(Buffer::Instance& data, bool end_stream) override {
    if (parent_ != nullptr) {
      parent_->onResponseData(data, end_stream);
    }
  }

  // Network::ConnectionCallbacks
  void onEvent(Network::ConnectionEvent event) override {
    if (event == Network::ConnectionEvent::Connected) {
      connected_ = true;
    } else if (parent_ != nullptr) {
      parent_->onFailure(connected_ ? Failure::Reset : Failure::Connect);
    }
  }
  void onAboveWriteBufferHighWatermark() override {}
  void onBelowWriteBufferLowWatermark() override {}

private:
  /**
   * The network filter of the upstream connection: the connection owns it, so it is an object of
   * its own.
   */
  class ResponseReader : public Network::ReadFilter {
  public:
    explicit ResponseReader(UpstreamRequest& request) : request_(request) {}

    // Network::ReadFilter
    void initializeReadFilter(Network::Connection&) override {}
    Network::FilterStatus onData(Buffer::Instance& data, bool end_stream) override {
      const Http::CodecError error = request_.codec_.dispatch(data, end_stream);
      if (error != Http::CodecError::None && request_.parent_ != nullptr) {
        request_.parent_->onFailure(error == Http::CodecError::Truncated ? Failure::Reset
                                                                         : Failure::BadResponse);
      }
      return Network::FilterStatus::Continue;
    }

  private:
    UpstreamRequest& request_;
  };

  ForwardFilter* parent_; // null after detach()
  const Upstream::HostSharedPtr host_;
  const std::chrono::steady_clock::time_point start_;
  const Network::FilteredConnectionPtr connection_;
  Http::Http1ClientCodec codec_;
  bool connected_{false};
};

ForwardFilter::ForwardFilter(ForwardConfigSharedPtr config) : config_(std::move(config)) {}

ForwardFilter::~ForwardFilter() = default;

void ForwardFilter::onDestroy() {
  // Still busy: the client left. That says nothing about the host.
  endAttempt(true);
  finish();
}

Http::HeadersStatus ForwardFilter::decodeHeaders(Http::HeaderMap& headers, bool end_stream) {
  route_ = callbacks_->route();
  if (route_ == nullptr) {
    callbacks_->sendLocalReply(404, "no route\n", "route_not_found");
    return Http::HeadersStatus::StopIteration;
  }
  auto cluster = config_->clusters.find(route_->clusterName());
  if (cluster == nullptr) {
    callbacks_->sendLocalReply(503, "no such cluster\n", "cluster_not_found");
    return Http::HeadersStatus::StopIteration;
  }
  if (!cluster->tryAcquireRequest()) {
    callbacks_->sendLocalReply(503, "too many requests\n", "overflow");
    return Http::HeadersStatus::StopIteration;
  }
  cluster_ = std::move(cluster); // from here on a place is taken, and finish() gives it back
  cluster_->trafficStats().upstream_rq_total_.inc();
  headers_ = &headers;
  route_->finalizeRequestHeaders(headers);
  request_complete_ = end_stream;
  startAttempt();
  if (end_stream) {
    onRequestComplete();
  }
  // Always: the response is what goes on.
  return Http::HeadersStatus::StopIteration;
}

Http::DataStatus ForwardFilter::decodeData(Buffer::Instance& data, bool end_stream) {
  request_complete_ = end_stream;
  body_kept_ = body_kept_ && body_.size() + data.length() <= RetryBodyLimit;
  if (body_kept_) {
    body_.append(data.view());
  }
  if (attempt_ != nullptr) {
    attempt_->encoder().encodeData(data, end_stream);
  }
  if (end_stream) {
    onRequestComplete();
  }
  return Http::DataStatus::StopNoBuffer;
}

void ForwardFilter::onDownstreamPressure(bool high) {
  // The client is slower than the upstream. When the proxy stops reading, the kernel's buffers fill
  // up, and TCP makes the upstream wait: the pressure reaches the one who can do something.
  if (attempt_ != nullptr) {
    attempt_->connection().readDisable(high);
  }
}

std::optional<uint64_t> ForwardFilter::hashKey() const {
  const auto value = config_->hash_header.empty() ? std::nullopt
                                                  : headers_->get(config_->hash_header);
  if (!value.has_value()) {
    return std::nullopt;
  }
  return std::hash<std::string_view>{}(*value);
}

bool ForwardFilter::alreadyTried(const Upstream::Host& host) const {
  for (const Upstream::HostSharedPtr& tried : tried_) {
    if (tried.get() == &host) {
      return true;
    }
  }
  return false;
}

void ForwardFilter::startAttempt() {
  Upstream::HostSharedPtr host = cluster_->loadBalancer().chooseHost(this);
  if (host == nullptr) {
    callbacks_->sendLocalReply(503, "no host\n", "no_healthy_upstream");
    return;
  }
  tried_.push_back(host);
  LOG_LINE(Debug, "[S" << callbacks_->streamId() << "] attempt " << tried_.size() << " on "
                       << host->address().asString());
  cluster_->trafficStats().upstream_cx_total_.inc();
  attempt_ = std::make_unique<UpstreamRequest>(*this, std::move(host));
  // The connection keeps what is written until it is established.
  attempt_->encoder().encodeHeaders(*headers_, request_complete_ && body_.empty());
  if (!body_.empty()) {
    Buffer::Instance again(body_);
    attempt_->encoder().encodeData(again, request_complete_);
  }
}

void ForwardFilter::onRequestComplete() {
  if (cluster_ == nullptr || response_started_) {
    return;
  }
  timeout_ = callbacks_->dispatcher().createTimer([this] { onFailure(Failure::Timeout); });
  timeout_->enableTimer(route_->timeout());
}

void ForwardFilter::onResponseHeaders(Http::HeaderMapPtr&& headers, bool end_stream) {
  response_started_ = true;
  if (end_stream) {
    endAttempt(true);
  }
  callbacks_->encodeHeaders(std::move(headers), end_stream);
}

void ForwardFilter::onResponseData(Buffer::Instance& data, bool end_stream) {
  if (end_stream) {
    endAttempt(true);
  }
  callbacks_->encodeData(data, end_stream);
}

void ForwardFilter::onFailure(Failure failure) {
  Upstream::ClusterTrafficStats& stats = cluster_->trafficStats();
  if (failure == Failure::Connect) {
    stats.upstream_cx_connect_fail_.inc();
  } else if (failure == Failure::Timeout) {
    stats.upstream_rq_timeout_.inc();
  }
  endAttempt(false);
  if (response_started_) {
    callbacks_->resetStream();
    return;
  }
  if (mayRetry(failure) && (retrying_ || config_->retry_budget->tryTake())) {
    retrying_ = true;
    stats.upstream_rq_retry_.inc();
    startAttempt();
    return;
  }
  static constexpr Reply Replies[] = {
      {503, "upstream_connect_failure"},
      {503, "upstream_reset"},
      {502, "upstream_protocol_error"},
      {504, "upstream_timeout"},
  };
  const Reply& reply = Replies[static_cast<size_t>(failure)];
  callbacks_->sendLocalReply(reply.code, std::string(reply.details) + "\n", reply.details);
}

bool ForwardFilter::mayRetry(Failure failure) const {
  if (tried_.size() > route_->retries() || !body_kept_) {
    return false;
  }
  switch (failure) {
  case Failure::Connect:
    return true; // the host has seen nothing of the request
  case Failure::Reset:
    return isSafeMethod(headers_->get(":method").value_or(""));
  case Failure::BadResponse:
  case Failure::Timeout:
    return false;
  }
  return false;
}

void ForwardFilter::endAttempt(bool success) {
  if (attempt_ == nullptr) {
    return;
  }
  cluster_->trafficStats().upstream_rq_time_.recordValue(attempt_->milliseconds());
  attempt_->detach(success);
  callbacks_->dispatcher().deferredDelete(std::move(attempt_));
}

void ForwardFilter::finish() {
  timeout_.reset();
  if (std::exchange(retrying_, false)) {
    config_->retry_budget->giveBack();
  }
  if (cluster_ != nullptr) {
    cluster_->releaseRequest();
    cluster_.reset();
  }
}

/**
 * Options: `hash_header`, the header whose value binds a client to a host.
 */
class ForwardFilterFactory : public Http::FilterConfigFactory {
public:
  // Http::FilterConfigFactory
  std::string name() const override { return "forward"; }

  Http::FilterFactoryCb createFilterFactory(const Http::FilterOptions& options,
                                            Http::FactoryContext& context) override {
    std::string hash_header;
    for (const auto& [key, value] : options) {
      if (key != "hash_header") {
        throw ConfigError("filter forward: unknown option " + key);
      }
      hash_header = value;
    }
    auto budget = context.singletons.getTyped<RetryBudget>(
        SINGLETON_MANAGER_REGISTERED_NAME(retry_budget),
        [] { return std::make_shared<RetryBudget>(ConcurrentRetries); });
    auto config = std::make_shared<const ForwardConfig>(
        ForwardConfig{context.clusters, std::move(budget), std::move(hash_header)});
    return [config](Http::FilterChainBuilder& builder) {
      builder.addDecoderFilter(std::make_shared<ForwardFilter>(config));
    };
  }
};

REGISTER_FACTORY(ForwardFilterFactory, Http::FilterConfigFactory);

} // namespace Forward
} // namespace Extensions
} // namespace Envoylet
