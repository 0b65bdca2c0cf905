#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "envoylet/event/dispatcher.h"
#include "envoylet/http/codec.h"
#include "envoylet/router/router.h"
#include "envoylet/stats/stats.h"
#include "envoylet/upstream/upstream.h"

namespace Envoylet {

namespace Singleton {
class Manager;
} // namespace Singleton

namespace Http {

/**
 * What a filter wants after it has seen the headers.
 */
enum class HeadersStatus {
  // Go on with the next filter.
  Continue,
  // Wait: this filter calls continueDecoding(), or answers by itself.
  StopIteration,
};

/**
 * What a filter wants after it has seen a piece of the body.
 */
enum class DataStatus {
  // Go on with the next filter.
  Continue,
  // Wait, and keep the piece: it comes to the next filter after continueDecoding().
  StopAndBuffer,
  // Wait, and forget the piece: this filter has taken it.
  StopNoBuffer,
};

/**
 * What every filter can ask about the exchange that it works for.
 */
class FilterCallbacks {
public:
  virtual ~FilterCallbacks() = default;

  virtual Event::Dispatcher& dispatcher() PURE;

  /**
   * @return a number that names the exchange in logs.
   */
  virtual uint64_t streamId() const PURE;

  /**
   * @return the route of the request, chosen once when first asked for; null without a match.
   */
  virtual Router::RouteEntryConstSharedPtr route() PURE;
};

/**
 * What a filter of the request path can do.
 */
class DecoderCallbacks : public virtual FilterCallbacks {
public:
  /**
   * Resumes after a stop, with the next filter. Never called from inside decodeHeaders().
   */
  virtual void continueDecoding() PURE;

  /**
   * Answers without an upstream. The answer passes through the encoder filters as any other.
   * @param details a word for the access log that says who answered and why.
   */
  virtual void sendLocalReply(uint32_t code, std::string_view body,
                              std::string_view details) PURE;

  /**
   * Hands over the response from the upstream. For the last filter of the chain.
   */
  virtual void encodeHeaders(HeaderMapPtr&& headers, bool end_stream) PURE;
  virtual void encodeData(Buffer::Instance& data, bool end_stream) PURE;

  /**
   * Ends the exchange abruptly, for example when the upstream broke in the middle of a body.
   */
  virtual void resetStream() PURE;
};

/**
 * What a filter of the response path can do.
 */
class EncoderCallbacks : public virtual FilterCallbacks {
public:
  virtual void continueEncoding() PURE;
};

class FilterBase {
public:
  virtual ~FilterBase() = default;

  /**
   * The exchange is over, whatever the reason. Timers and upstream requests must be dropped here;
   * no callback may be used afterwards.
   */
  virtual void onDestroy() PURE;
};

/**
 * A filter of the request path.
 */
class DecoderFilter : public virtual FilterBase {
public:
  virtual HeadersStatus decodeHeaders(HeaderMap& headers, bool end_stream) PURE;
  virtual DataStatus decodeData(Buffer::Instance& data, bool end_stream) PURE;
  virtual void setDecoderCallbacks(DecoderCallbacks& callbacks) PURE;

  /**
   * The client reads too slowly, or has caught up again.
   */
  virtual void onDownstreamPressure(bool high) { static_cast<void>(high); };
};

using DecoderFilterSharedPtr = std::shared_ptr<DecoderFilter>;

/**
 * A filter of the response path.
 */
class EncoderFilter : public virtual FilterBase {
public:
  virtual HeadersStatus encodeHeaders(HeaderMap& headers, bool end_stream) PURE;
  virtual DataStatus encodeData(Buffer::Instance& data, bool end_stream) PURE;
  virtual void setEncoderCallbacks(EncoderCallbacks& callbacks) PURE;
};

using EncoderFilterSharedPtr = std::shared_ptr<EncoderFilter>;

/**
 * A filter of both paths: one object, so that the response side knows what the request side saw.
 */
class StreamFilter : public DecoderFilter, public EncoderFilter {};

using StreamFilterSharedPtr = std::shared_ptr<StreamFilter>;

/**
 * Collects the filters of one exchange, in order.
 */
class FilterChainBuilder {
public:
  virtual ~FilterChainBuilder() = default;

  virtual void addDecoderFilter(DecoderFilterSharedPtr filter) PURE;
  virtual void addEncoderFilter(EncoderFilterSharedPtr filter) PURE;
  virtual void addStreamFilter(StreamFilterSharedPtr filter) PURE;
};

/**
 * Adds one filter to the chain of a new exchange. Configuration is parsed once, and this runs once
 * a request: it should only allocate the filter.
 */
using FilterFactoryCb = std::function<void(FilterChainBuilder& builder)>;

/**
 * What a filter's factory may use of the server.
 */
struct FactoryContext {
  Upstream::ClusterDirectory& clusters;
  Stats::Scope& scope;
  Singleton::Manager& singletons;
};

using FilterOptions = std::map<std::string, std::string>;

/**
 * Makes filters of one kind. Registered under its name with REGISTER_FACTORY.
 */
class FilterConfigFactory {
public:
  virtual ~FilterConfigFactory() = default;

  virtual std::string name() const PURE;

  /**
   * Reads the configuration of a filter.
   * @throw ConfigError when an option is unknown or has no sense.
   */
  virtual FilterFactoryCb createFilterFactory(const FilterOptions& options,
                                              FactoryContext& context) PURE;
};

} // namespace Http
} // namespace Envoylet
