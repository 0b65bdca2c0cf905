#include "source/common/http/filter_pipeline.h"

#include <algorithm>
#include <string>

#include "source/common/http/header_map_impl.h"

namespace Envoylet {
namespace Http {

/**
 * What one decoder filter holds of the pipeline: it knows the filter's place, so that
 * continueDecoding() needs no argument and no filter can resume another one.
 */
class FilterPipeline::DecoderHandle : public DecoderCallbacks {
public:
  DecoderHandle(FilterPipeline& parent, const DecoderFilterSharedPtr& filter)
      : parent_(parent), filter_(filter) {}

  // Http::FilterCallbacks
  Event::Dispatcher& dispatcher() override { return parent_.callbacks_.dispatcher(); }
  uint64_t streamId() const override { return parent_.callbacks_.streamId(); }
  Router::RouteEntryConstSharedPtr route() override { return parent_.route(); }

  // Http::DecoderCallbacks
  void continueDecoding() override {
    const auto& filters = parent_.decoder_path_.filters();
    const auto it = std::find(filters.begin(), filters.end(), filter_);
    parent_.decoder_path_.resume(it - filters.begin());
  }
  void sendLocalReply(uint32_t code, std::string_view body, std::string_view details) override {
    parent_.sendLocalReply(code, body, details);
  }
  void encodeHeaders(HeaderMapPtr&& headers, bool end_stream) override {
    parent_.encodeHeaders(std::move(headers), end_stream);
  }
  void encodeData(Buffer::Instance& data, bool end_stream) override {
    parent_.encodeData(data, end_stream);
  }
  void resetStream() override { parent_.callbacks_.abortExchange(); }

private:
  FilterPipeline& parent_;
  const DecoderFilterSharedPtr filter_;
};

/**
 * The same for an encoder filter.
 */
class FilterPipeline::EncoderHandle : public EncoderCallbacks {
public:
  EncoderHandle(FilterPipeline& parent, const EncoderFilterSharedPtr& filter)
      : parent_(parent), filter_(filter) {}

  // Http::FilterCallbacks
  Event::Dispatcher& dispatcher() override { return parent_.callbacks_.dispatcher(); }
  uint64_t streamId() const override { return parent_.callbacks_.streamId(); }
  Router::RouteEntryConstSharedPtr route() override { return parent_.route(); }

  // Http::EncoderCallbacks
  void continueEncoding() override {
    const auto& filters = parent_.encoder_path_.filters();
    const auto it = std::find(filters.begin(), filters.end(), filter_);
    parent_.encoder_path_.resume(it - filters.begin());
  }

private:
  FilterPipeline& parent_;
  const EncoderFilterSharedPtr filter_;
};

FilterPipeline::FilterPipeline(FilterPipelineCallbacks& callbacks)
    : callbacks_(callbacks), decoder_path_(*this), encoder_path_(*this) {}

FilterPipeline::~FilterPipeline() = default;

void FilterPipeline::addDecoderFilter(DecoderFilterSharedPtr filter) {
  decoder_handles_.push_back(std::make_unique<DecoderHandle>(*this, filter));
  filter->setDecoderCallbacks(*decoder_handles_.back());
  decoder_path_.filters().push_back(std::move(filter));
}

void FilterPipeline::addEncoderFilter(EncoderFilterSharedPtr filter) {
  encoder_handles_.push_back(std::make_unique<EncoderHandle>(*this, filter));
  filter->setEncoderCallbacks(*encoder_handles_.back());
  // At the front: the last filter of the configuration is the first to see the response.
  auto& filters = encoder_path_.filters();
  filters.insert(filters.begin(), std::move(filter));
}

void FilterPipeline::addStreamFilter(StreamFilterSharedPtr filter) {
  addDecoderFilter(filter);
  addEncoderFilter(filter);
}

void FilterPipeline::decodeHeaders(HeaderMapPtr&& headers, bool end_stream) {
  decoder_path_.start(std::move(headers), end_stream);
}

void FilterPipeline::decodeData(Buffer::Instance& data, bool end_stream) {
  if (!over(decoder_path_)) {
    decoder_path_.data(data, end_stream);
  }
}

void FilterPipeline::encodeHeaders(HeaderMapPtr&& headers, bool end_stream) {
  encoder_path_.start(std::move(headers), end_stream);
}

void FilterPipeline::encodeData(Buffer::Instance& data, bool end_stream) {
  if (!over(encoder_path_)) {
    encoder_path_.data(data, end_stream);
  }
}

void FilterPipeline::sendLocalReply(uint32_t code, std::string_view body,
                                    std::string_view details) {
  if (destroyed_ || local_reply_) {
    return;
  }
  callbacks_.setResponseDetails(details);
  LOG_LINE(Debug, "[S" << callbacks_.streamId() << "] local reply " << code << ": " << details);
  local_reply_ = true;
  if (encoder_path_.started()) {
    // The client has seen the beginning of another response; there is no way to take it back.
    callbacks_.abortExchange();
    return;
  }
  auto headers = std::make_unique<HeaderMapImpl>(HeaderMapImpl{
      {":status", std::to_string(code)},
      {"content-type", "text/plain"},
      {"content-length", std::to_string(body.size())},
  });
  encodeHeaders(std::move(headers), body.empty());
  if (!body.empty()) {
    Buffer::Instance data(body);
    encodeData(data, true);
  }
}

void FilterPipeline::onDownstreamPressure(bool high) {
  for (const DecoderFilterSharedPtr& filter : decoder_path_.filters()) {
    filter->onDownstreamPressure(high);
  }
}

void FilterPipeline::destroyFilters() {
  if (destroyed_) {
    return;
  }
  destroyed_ = true;
  // A filter of both paths is asked once, as part of the first.
  std::vector<FilterBase*> told;
  for (const DecoderFilterSharedPtr& filter : decoder_path_.filters()) {
    filter->onDestroy();
    told.push_back(filter.get());
  }
  for (const EncoderFilterSharedPtr& filter : encoder_path_.filters()) {
    if (std::find(told.begin(), told.end(), filter.get()) == told.end()) {
      filter->onDestroy();
    }
  }
}

void FilterPipeline::passedHeaders(DecoderPath&, bool) {
  // The forward filter stops every request. None of the configured filters did.
  sendLocalReply(404, "no filter answers this request\n", "no_terminal_filter");
}

void FilterPipeline::passedData(DecoderPath&, Buffer::Instance& data, bool) { data.clear(); }

void FilterPipeline::passedHeaders(EncoderPath& path, bool end_stream) {
  callbacks_.writeHeaders(*path.headers(), end_stream);
}

void FilterPipeline::passedData(EncoderPath&, Buffer::Instance& data, bool end_stream) {
  callbacks_.writeData(data, end_stream);
}

Router::RouteEntryConstSharedPtr FilterPipeline::route() {
  if (!decoder_path_.started()) {
    return nullptr; // refused before its headers were accepted
  }
  if (!route_.has_value()) {
    route_ = callbacks_.resolveRoute(*decoder_path_.headers());
  }
  return *route_;
}

} // namespace Http
} // namespace Envoylet
