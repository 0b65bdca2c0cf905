#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "envoylet/http/filter.h"
#include "source/common/common/logger.h"

namespace Envoylet {
namespace Http {

/**
 * One direction of an exchange: its filters in the order in which they run, and how far its message
 * has come. The same code serves both directions; Filter says which one.
 *
 * The rules:
 *  - a filter sees the body only after it has seen the headers;
 *  - a filter that stops holds the message there: the filters after it see nothing yet;
 *  - the filter that stopped still sees the pieces of the body that come, so that it can wait for a
 *    whole body.
 */
template <class Filter> class FilterPath {
public:
  using FilterSharedPtr = std::shared_ptr<Filter>;

  /**
   * What the path asks of the pipeline.
   */
  class Owner {
  public:
    virtual ~Owner() = default;

    /**
     * @return whether this direction must not go on, for example after a local reply.
     */
    virtual bool over(const FilterPath& path) const PURE;

    /**
     * The headers, or a piece of the body, have passed every filter.
     */
    virtual void passedHeaders(FilterPath& path, bool end_stream) PURE;
    virtual void passedData(FilterPath& path, Buffer::Instance& data, bool end_stream) PURE;
  };

  explicit FilterPath(Owner& owner) : owner_(owner) {}

  std::vector<FilterSharedPtr>& filters() { return filters_; }
  HeaderMap* headers() { return headers_.get(); }
  bool started() const { return headers_ != nullptr; };

  /**
   * Begins with the headers.
   */
  void start(HeaderMapPtr&& headers, bool end_stream) {
    headers_ = std::move(headers);
    end_stream_ = end_stream;
    runHeaders(0);
  }

  /**
   * Goes on with a piece of the body.
   */
  void data(Buffer::Instance& data, bool end_stream) {
    end_stream_ = end_stream;
    has_body_ = true;
    runData(data, 0);
  }

  /**
   * Goes on after a filter that stopped.
   * @param from that filter's place.
   */
  void resume(size_t from) {
    if (stopped_at_ != from || owner_.over(*this)) {
      return;
    }
    stopped_at_.reset();
    if (headers_seen_ <= from + 1) {
      runHeaders(from + 1);
    }
    // Also when the next filter has stopped the headers: it may be waiting for this body.
    const bool body_waits = has_body_ && (end_stream_ || !kept_.empty());
    if (body_waits && !owner_.over(*this)) {
      Buffer::Instance kept;
      kept.move(kept_);
      runData(kept, from + 1);
    }
  }

private:
  void runHeaders(size_t from) {
    for (size_t i = from; i < filters_.size(); i++) {
      headers_seen_ = i + 1;
      const HeadersStatus status = callHeaders(*filters_[i], *headers_, end_stream_ && !has_body_);
      if (owner_.over(*this)) {
        return;
      }
      if (status == HeadersStatus::StopIteration) {
        stopped_at_ = i;
        return;
      }
    }
    owner_.passedHeaders(*this, end_stream_ && !has_body_);
  }

  void runData(Buffer::Instance& data, size_t from) {
    for (size_t i = from; i < filters_.size(); i++) {
      const DataStatus status = callData(*filters_[i], data, end_stream_);
      if (owner_.over(*this)) {
        return;
      }
      if (status == DataStatus::Continue && stopped_at_ != i) {
        continue;
      }
      if (status == DataStatus::StopNoBuffer) {
        data.clear();
      }
      kept_.move(data);
      if (status == DataStatus::Continue) {
        resume(i); // what was kept goes first, and this piece is its end
      } else {
        stopped_at_ = i;
      }
      return;
    }
    owner_.passedData(*this, data, end_stream_);
  }

  static HeadersStatus callHeaders(DecoderFilter& filter, HeaderMap& headers, bool end_stream) {
    return filter.decodeHeaders(headers, end_stream);
  }
  static HeadersStatus callHeaders(EncoderFilter& filter, HeaderMap& headers, bool end_stream) {
    return filter.encodeHeaders(headers, end_stream);
  }
  static DataStatus callData(DecoderFilter& filter, Buffer::Instance& data, bool end_stream) {
    return filter.decodeData(data, end_stream);
  }
  static DataStatus callData(EncoderFilter& filter, Buffer::Instance& data, bool end_stream) {
    return filter.encodeData(data, end_stream);
  }

  Owner& owner_;
  std::vector<FilterSharedPtr> filters_;
  HeaderMapPtr headers_;
  Buffer::Instance kept_;
  std::optional<size_t> stopped_at_; // place of the filter that holds the message
  size_t headers_seen_{0};           // how many filters have seen the headers
  bool has_body_{false};
  bool end_stream_{false};
};

/**
 * What the pipeline asks of the exchange that it belongs to.
 */
class FilterPipelineCallbacks {
public:
  virtual ~FilterPipelineCallbacks() = default;

  virtual Event::Dispatcher& dispatcher() PURE;
  virtual uint64_t streamId() const PURE;
  virtual Router::RouteEntryConstSharedPtr resolveRoute(const HeaderMap& headers) PURE;

  /**
   * The response has passed every filter: it goes to the client.
   */
  virtual void writeHeaders(const HeaderMap& headers, bool end_stream) PURE;
  virtual void writeData(Buffer::Instance& data, bool end_stream) PURE;

  /**
   * The exchange cannot be saved: the client learns it by the end of the connection.
   */
  virtual void abortExchange() PURE;
  virtual void setResponseDetails(std::string_view details) PURE;
};

/**
 * The filters of one exchange. The request passes them in the order of the configuration, the
 * response in the opposite one: the filter that is nearest to the client sees the request first and
 * the response last.
 *
 *        client                                   upstream
 *           |  request   A -> B -> C -> forward      |
 *           |  response  A <- B <- C <-----'         |
 */
class FilterPipeline : public FilterChainBuilder,
                       FilterPath<DecoderFilter>::Owner,
                       FilterPath<EncoderFilter>::Owner,
                       Logger::Loggable<Logger::Channel::filter> {
public:
  explicit FilterPipeline(FilterPipelineCallbacks& callbacks);
  ~FilterPipeline() override;

  // Http::FilterChainBuilder
  void addDecoderFilter(DecoderFilterSharedPtr filter) override;
  void addEncoderFilter(EncoderFilterSharedPtr filter) override;
  void addStreamFilter(StreamFilterSharedPtr filter) override;

  /**
   * Feeds the request.
   */
  void decodeHeaders(HeaderMapPtr&& headers, bool end_stream);
  void decodeData(Buffer::Instance& data, bool end_stream);

  /**
   * Feeds the response.
   */
  void encodeHeaders(HeaderMapPtr&& headers, bool end_stream);
  void encodeData(Buffer::Instance& data, bool end_stream);

  void sendLocalReply(uint32_t code, std::string_view body, std::string_view details);

  /**
   * Tells the filters that the client reads too slowly, or no longer does.
   */
  void onDownstreamPressure(bool high);

  /**
   * Ends every filter. Nothing else may be called afterwards.
   */
  void destroyFilters();

private:
  class DecoderHandle;
  class EncoderHandle;

  using DecoderPath = FilterPath<DecoderFilter>;
  using EncoderPath = FilterPath<EncoderFilter>;

  // FilterPath<DecoderFilter>::Owner
  bool over(const DecoderPath&) const override { return destroyed_ || local_reply_; }
  void passedHeaders(DecoderPath& path, bool end_stream) override;
  void passedData(DecoderPath& path, Buffer::Instance& data, bool end_stream) override;

  // FilterPath<EncoderFilter>::Owner
  bool over(const EncoderPath&) const override { return destroyed_; }
  void passedHeaders(EncoderPath& path, bool end_stream) override;
  void passedData(EncoderPath& path, Buffer::Instance& data, bool end_stream) override;

  Router::RouteEntryConstSharedPtr route();

  FilterPipelineCallbacks& callbacks_;
  DecoderPath decoder_path_;
  EncoderPath encoder_path_;
  std::vector<std::unique_ptr<DecoderHandle>> decoder_handles_;
  std::vector<std::unique_ptr<EncoderHandle>> encoder_handles_;
  std::optional<Router::RouteEntryConstSharedPtr> route_; // empty until somebody asks
  bool local_reply_{false};
  bool destroyed_{false};
};

} // namespace Http
} // namespace Envoylet
