#include "source/common/http/filter_pipeline.h"

#include <memory>
#include <string>
#include <vector>

#include "source/common/http/header_map_impl.h"
#include "test/mocks/http/mocks.h"
#include "test/test_common/mini_test.h"

namespace Envoylet {
namespace Http {
namespace {

MATCHER_P(HasStatus, expected, "the response has that status") {
  return arg.status_ == expected;
}

class FilterPipelineTest : public MiniTest::Test {
public:
  std::shared_ptr<MockStreamFilter> addFilter() {
    auto filter = std::make_shared<MockStreamFilter>();
    filters_.push_back(filter);
    pipeline_.addStreamFilter(filter);
    return filter;
  }

  static HeaderMapPtr request() {
    return std::make_unique<HeaderMapImpl>(HeaderMapImpl{{":method", "POST"}, {":path", "/"}});
  }

  MockFilterPipelineCallbacks callbacks_;
  FilterPipeline pipeline_{callbacks_};
  std::vector<std::shared_ptr<MockStreamFilter>> filters_;
};

TEST_F(FilterPipelineTest, RequestPassesFiltersInOrder) {
  std::string order;
  addFilter()->mock_decodeHeaders_.willAnswer([&] {
    order += "a";
    return HeadersStatus::Continue;
  });
  addFilter()->mock_decodeHeaders_.willAnswer([&] {
    order += "b";
    return HeadersStatus::StopIteration;
  });
  pipeline_.decodeHeaders(request(), true);
  EXPECT_EQ(order, "ab");
}

TEST_F(FilterPipelineTest, ResponsePassesFiltersInOppositeOrder) {
  std::string order;
  addFilter()->mock_encodeHeaders_.willAnswer([&] {
    order += "a";
    return HeadersStatus::Continue;
  });
  addFilter()->mock_encodeHeaders_.willAnswer([&] {
    order += "b";
    return HeadersStatus::Continue;
  });
  pipeline_.encodeHeaders(std::make_unique<HeaderMapImpl>(HeaderMapImpl{{":status", "200"}}), true);
  EXPECT_EQ(order, "ba");
  EXPECT_THAT(callbacks_, HasStatus("200"));
}

TEST_F(FilterPipelineTest, FilterThatStopsHoldsTheBody) {
  auto first = addFilter();
  auto last = addFilter();
  first->mock_decodeHeaders_.willAnswer([] { return HeadersStatus::StopIteration; });
  first->mock_decodeData_.willAnswer([] { return DataStatus::StopAndBuffer; });
  last->mock_decodeHeaders_.willAnswer([] { return HeadersStatus::StopIteration; });
  last->mock_decodeData_.willAnswer([] { return DataStatus::StopNoBuffer; });

  pipeline_.decodeHeaders(request(), false);
  Buffer::Instance piece("hello");
  pipeline_.decodeData(piece, true);
  EXPECT_EQ(last->mock_decodeHeaders_.calls(), 0);

  first->decoder_callbacks_->continueDecoding();
  EXPECT_EQ(last->mock_decodeHeaders_.calls(), 1);
  EXPECT_EQ(last->mock_decodeData_.calls(), 1);
}

TEST_F(FilterPipelineTest, LocalReplySkipsTheRestOfTheRequest) {
  auto guard = addFilter();
  auto last = addFilter();
  guard->mock_decodeHeaders_.willAnswer([&] {
    guard->decoder_callbacks_->sendLocalReply(403, "no", "test");
    return HeadersStatus::StopIteration;
  });
  pipeline_.decodeHeaders(request(), true);
  EXPECT_EQ(last->mock_decodeHeaders_.calls(), 0);
  EXPECT_EQ(last->mock_encodeHeaders_.calls(), 1);
  EXPECT_THAT(callbacks_, HasStatus("403"));
  EXPECT_EQ(callbacks_.body_, "no");
  EXPECT_TRUE(callbacks_.complete_);
}

TEST_F(FilterPipelineTest, FilterOfBothPathsIsDestroyedOnce) {
  auto filter = addFilter();
  pipeline_.destroyFilters();
  pipeline_.destroyFilters();
  EXPECT_EQ(filter->mock_onDestroy_.calls(), 1);
}

} // namespace
} // namespace Http
} // namespace Envoylet

int main() { return Envoylet::MiniTest::runAll(); }
