#include <memory>
#include <string>
#include <utility>

#include "envoylet/http/filter.h"
#include "envoylet/registry/registry.h"
#include "source/common/common/logger.h"
#include "source/common/common/try.h"

namespace Envoylet {
namespace Extensions {
namespace HeaderGuard {

/**
 * The statistics of the guard.
 */
#define ALL_HEADER_GUARD_STATS(COUNTER, GAUGE, HISTOGRAM)                                          \
  COUNTER(allowed)                                                                                 \
  COUNTER(denied)

MAKE_STATS_STRUCT(HeaderGuardStats, ALL_HEADER_GUARD_STATS);

struct HeaderGuardConfig {
  HeaderGuardStats stats;
  std::string required; // name of the header
};

using HeaderGuardConfigConstSharedPtr = std::shared_ptr<const HeaderGuardConfig>;

/**
 * Lets a request pass only when it has a header. The smallest filter that uses both paths: start
 * from it to write another one.
 */
class HeaderGuardFilter : public Http::StreamFilter, Logger::Loggable<Logger::Channel::filter> {
public:
  explicit HeaderGuardFilter(HeaderGuardConfigConstSharedPtr config)
      : config_(std::move(config)) {}

  // Http::FilterBase
  void onDestroy() override {}

  // Http::DecoderFilter
  Http::HeadersStatus decodeHeaders(Http::HeaderMap& headers, bool) override {
    const auto value = headers.get(config_->required);
    if (!value.has_value() || value->empty()) {
      config_->stats.denied_.inc();
      decoder_callbacks_->sendLocalReply(403, "a header is missing\n", "header_guard_denied");
      return Http::HeadersStatus::StopIteration;
    }
    config_->stats.allowed_.inc();
    guarded_by_ = *value;
    return Http::HeadersStatus::Continue;
  }
  Http::DataStatus decodeData(Buffer::Instance&, bool) override {
    return Http::DataStatus::Continue;
  };
  void setDecoderCallbacks(Http::DecoderCallbacks& callbacks) override {
    decoder_callbacks_ = &callbacks;
  };

  // Http::EncoderFilter
  Http::HeadersStatus encodeHeaders(Http::HeaderMap& headers, bool) override {
    // Also runs for the refusal itself, which passes through the encoder filters as any response.
    if (!guarded_by_.empty()) {
      headers.set("x-envoylet-guard", guarded_by_);
    }
    return Http::HeadersStatus::Continue;
  }
  Http::DataStatus encodeData(Buffer::Instance&, bool) override {
    return Http::DataStatus::Continue;
  };
  void setEncoderCallbacks(Http::EncoderCallbacks&) override {}

private:
  const HeaderGuardConfigConstSharedPtr config_;
  Http::DecoderCallbacks* decoder_callbacks_{nullptr};
  std::string guarded_by_;
};

/**
 * Options: `require`, the name of the header.
 */
class HeaderGuardFactory : public Http::FilterConfigFactory {
public:
  // Http::FilterConfigFactory
  std::string name() const override { return "header_guard"; }

  Http::FilterFactoryCb createFilterFactory(const Http::FilterOptions& options,
                                            Http::FactoryContext& context) override {
    const auto required = options.find("require");
    if (required == options.end() || options.size() != 1) {
      throw ConfigError("filter header_guard: needs the option `require`, and no other");
    }
    auto config = std::make_shared<const HeaderGuardConfig>(HeaderGuardConfig{
        HeaderGuardStats::make(context.scope, "header_guard."), required->second});
    return [config](Http::FilterChainBuilder& builder) {
      builder.addStreamFilter(std::make_shared<HeaderGuardFilter>(config));
    };
  }
};

REGISTER_FACTORY(HeaderGuardFactory, Http::FilterConfigFactory);

} // namespace HeaderGuard
} // namespace Extensions
} // namespace Envoylet
