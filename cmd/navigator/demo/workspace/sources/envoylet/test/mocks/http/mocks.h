#pragma once

#include "envoylet/http/filter.h"
#include "source/common/http/filter_pipeline.h"
#include "test/test_common/mini_test.h"

namespace Envoylet {
namespace Http {

class MockFilterPipelineCallbacks : public FilterPipelineCallbacks {
public:
  MOCK_METHOD(Event::Dispatcher&, dispatcher, (), (override));
  MOCK_METHOD(uint64_t, streamId, (), (const, override));
  MOCK_METHOD(Router::RouteEntryConstSharedPtr, resolveRoute, (const HeaderMap&), (override));
  MOCK_METHOD(void, abortExchange, (), (override));
  MOCK_METHOD(void, setResponseDetails, (std::string_view), (override));

  // Not mocked: tests look at what was written.
  void writeHeaders(const HeaderMap& headers, bool end_stream) override {
    status_ = headers.get(":status").value_or("");
    complete_ = end_stream;
  }
  void writeData(Buffer::Instance& data, bool end_stream) override {
    body_.append(data.view());
    data.clear();
    complete_ = end_stream;
  }

  std::string status_;
  std::string body_;
  bool complete_{false};
};

class MockStreamFilter : public StreamFilter {
public:
  // Http::FilterBase
  MOCK_METHOD(void, onDestroy, (), (override));

  // Http::DecoderFilter
  MOCK_METHOD(HeadersStatus, decodeHeaders, (HeaderMap&, bool), (override));
  MOCK_METHOD(DataStatus, decodeData, (Buffer::Instance&, bool), (override));
  void setDecoderCallbacks(DecoderCallbacks& callbacks) override {
    decoder_callbacks_ = &callbacks;
  };

  // Http::EncoderFilter
  MOCK_METHOD(HeadersStatus, encodeHeaders, (HeaderMap&, bool), (override));
  MOCK_METHOD(DataStatus, encodeData, (Buffer::Instance&, bool), (override));
  void setEncoderCallbacks(EncoderCallbacks& callbacks) override {
    encoder_callbacks_ = &callbacks;
  };

  DecoderCallbacks* decoder_callbacks_{nullptr};
  EncoderCallbacks* encoder_callbacks_{nullptr};
};

} // namespace Http
} // namespace Envoylet
