#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "envoylet/http/codec.h"
#include "envoylet/http/filter.h"
#include "envoylet/network/connection.h"
#include "envoylet/router/router.h"
#include "envoylet/stats/stats.h"
#include "source/common/common/logger.h"
#include "source/common/http/filter_pipeline.h"

namespace Envoylet {
namespace Http {

/**
 * The statistics of downstream HTTP. @see stats_macros in envoylet/stats/stats.h
 */
#define ALL_EXCHANGE_MANAGER_STATS(COUNTER, GAUGE, HISTOGRAM)                                      \
  COUNTER(downstream_cx_idle_timeout)                                                              \
  COUNTER(downstream_cx_protocol_error)                                                            \
  COUNTER(downstream_cx_total)                                                                     \
  COUNTER(downstream_rq_aborted)                                                                   \
  COUNTER(downstream_rq_total)                                                                     \
  GAUGE(downstream_cx_active)                                                                      \
  GAUGE(downstream_rq_active)                                                                      \
  HISTOGRAM(downstream_rq_time)

/**
 * Struct definition for the statistics of downstream HTTP.
 */
struct ExchangeManagerStats {
  ALL_EXCHANGE_MANAGER_STATS(GENERATE_COUNTER_STRUCT, GENERATE_GAUGE_STRUCT,
                             GENERATE_HISTOGRAM_STRUCT)

  static ExchangeManagerStats make(Stats::Scope& scope, const std::string& prefix) {
    return {ALL_EXCHANGE_MANAGER_STATS(FILL_COUNTER, FILL_GAUGE, FILL_HISTOGRAM)};
  };
};

/**
 * What the exchange managers of a listener share. Made once, and never changed while in use.
 */
struct ExchangeManagerConfig {
  ExchangeManagerStats stats;
  std::vector<FilterFactoryCb> filters;
  Router::RouteConfigConstSharedPtr routes;
  std::chrono::milliseconds idle_timeout{60000};
};

using ExchangeManagerConfigConstSharedPtr = std::shared_ptr<const ExchangeManagerConfig>;

/**
 * The bridge from L4 to L7: a network filter that makes a stream of bytes into requests, and runs
 * each through the HTTP filters. One for each downstream connection.
 *
 * Its life: the connection is accepted and owns it; bytes come to onData(), which feeds the codec;
 * the codec calls newStream() for each request, which makes an ActiveExchange; the exchange builds
 * its filters and feeds them; the last filter answers; when the response is complete the exchange
 * is destroyed, and the connection waits for the next request.
 */
class ExchangeManagerImpl : public Network::ReadFilter,
                            public Network::ConnectionCallbacks,
                            public ServerCodecCallbacks,
                            Logger::Loggable<Logger::Channel::http> {
public:
  explicit ExchangeManagerImpl(ExchangeManagerConfigConstSharedPtr config);
  ~ExchangeManagerImpl() override;

  // Network::ReadFilter
  Network::FilterStatus onData(Buffer::Instance& data, bool end_stream) override;
  void initializeReadFilter(Network::Connection& connection) override;

  // Network::ConnectionCallbacks
  void onEvent(Network::ConnectionEvent event) override;
  void onAboveWriteBufferHighWatermark() override;
  void onBelowWriteBufferLowWatermark() override;

  // Http::ServerCodecCallbacks
  StreamDecoder& newStream(StreamEncoder& encoder) override;

private:
  struct ActiveExchange;
  using ActiveExchangePtr = std::unique_ptr<ActiveExchange>;

  /**
   * A request and its response. It keeps the connection's side of the codec, the filters and the
   * clock together, and dies when both messages are complete or either side gives up.
   */
  struct ActiveExchange : public Event::DeferredDeletable,
                          public StreamDecoder,
                          public FilterPipelineCallbacks {
    ActiveExchange(ExchangeManagerImpl& manager, StreamEncoder& encoder);
    ~ActiveExchange() override;

    // Http::StreamDecoder
    void decodeHeaders(HeaderMapPtr&& headers, bool end_stream) override;
    void decodeData(Buffer::Instance& data, bool end_stream) override;

    // Http::FilterPipelineCallbacks
    Event::Dispatcher& dispatcher() override { return manager_.connection_->dispatcher(); }
    uint64_t streamId() const override { return id_; }
    Router::RouteEntryConstSharedPtr resolveRoute(const HeaderMap& headers) override;
    void writeHeaders(const HeaderMap& headers, bool end_stream) override;
    void writeData(Buffer::Instance& data, bool end_stream) override;
    void abortExchange() override;
    void setResponseDetails(std::string_view details) override { details_ = details; }

    std::chrono::milliseconds elapsed() const;
    void logAccess() const;

    ExchangeManagerImpl& manager_;
    StreamEncoder& encoder_;
    FilterPipeline pipeline_;
    const uint64_t id_;
    const std::chrono::steady_clock::time_point start_;
    // What the access log tells.
    std::string request_line_;
    std::string status_{"-"};
    std::string details_{"via_upstream"};
    uint64_t response_bytes_{0};
  };

  void onResponseComplete(ActiveExchange& exchange);
  void endExchange(ActiveExchange& exchange);
  void refuse(CodecError error);
  void onIdleTimeout();
  void onPressure(bool high);
  void resumeReading();

  const ExchangeManagerConfigConstSharedPtr config_;
  ExchangeManagerStats stats_;
  Network::Connection* connection_{nullptr};
  CodecPtr codec_;
  // At most one with HTTP/1.1. A list, as a codec that multiplexes would need.
  std::list<ActiveExchangePtr> exchanges_;
  Event::TimerPtr idle_timer_;
  bool reading_paused_{false};
};

} // namespace Http
} // namespace Envoylet
