#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "envoylet/http/filter.h"
#include "envoylet/registry/registry.h"
#include "source/common/common/logger.h"
#include "source/extensions/filters/http/forward/retry_budget.h"

namespace Envoylet {
namespace Extensions {
namespace Forward {

/**
 * What the forward filters of a listener share.
 */
struct ForwardConfig {
  Upstream::ClusterDirectory& clusters;
  std::shared_ptr<RetryBudget> retry_budget;
  std::string hash_header; // names the header whose value binds a client to a host, may be empty
};

using ForwardConfigSharedPtr = std::shared_ptr<const ForwardConfig>;

/**
 * The last filter of a chain: sends the request to a host of the cluster that the route names, and
 * hands the response back.
 */
class ForwardFilter : public Http::DecoderFilter,
                      public Upstream::LoadBalancerContext,
                      Logger::Loggable<Logger::Channel::forward> {
public:
  // A body longer than this is not kept, and its request not tried again.
  static constexpr uint64_t RetryBodyLimit = 64 * 1024;

  explicit ForwardFilter(ForwardConfigSharedPtr config);
  ~ForwardFilter() override;

  // Http::FilterBase
  void onDestroy() override;

  // Http::DecoderFilter
  Http::HeadersStatus decodeHeaders(Http::HeaderMap& headers, bool end_stream) override;
  Http::DataStatus decodeData(Buffer::Instance& data, bool end_stream) override;
  void setDecoderCallbacks(Http::DecoderCallbacks& callbacks) override { callbacks_ = &callbacks; }
  void onDownstreamPressure(bool high) override;

  // Upstream::LoadBalancerContext
  std::optional<uint64_t> hashKey() const override;
  bool alreadyTried(const Upstream::Host& host) const override;

private:
  class UpstreamRequest;

  // Why an attempt failed.
  enum class Failure { Connect, Reset, BadResponse, Timeout };

  void startAttempt();
  void onRequestComplete();
  void onResponseHeaders(Http::HeaderMapPtr&& headers, bool end_stream);
  void onResponseData(Buffer::Instance& data, bool end_stream);
  void onFailure(Failure failure);
  bool mayRetry(Failure failure) const;
  void endAttempt(bool success);
  void finish();

  const ForwardConfigSharedPtr config_;
  Http::DecoderCallbacks* callbacks_{nullptr};
  Router::RouteEntryConstSharedPtr route_;
  std::shared_ptr<Upstream::Cluster> cluster_;
  Http::HeaderMap* headers_{nullptr}; // belongs to the pipeline, which outlives the filter
  std::string body_;                  // sent so far, to be sent again by a retry
  std::unique_ptr<UpstreamRequest> attempt_;
  std::vector<Upstream::HostSharedPtr> tried_;
  Event::TimerPtr timeout_;
  bool request_complete_{false};
  bool body_kept_{true};
  bool response_started_{false};
  bool retrying_{false};
};

DECLARE_FACTORY(ForwardFilterFactory);

} // namespace Forward
} // namespace Extensions
} // namespace Envoylet
