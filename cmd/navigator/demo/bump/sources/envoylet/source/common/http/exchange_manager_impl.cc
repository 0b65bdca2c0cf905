#include "source/common/http/exchange_manager_impl.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <string>
#include <utility>

#include "source/common/http/header_map_impl.h"
#include "source/common/http/http1_codec.h"

namespace Envoylet {
namespace Http {

namespace {

std::atomic<uint64_t> next_stream_id{1};

// Headers that speak of one connection. The next hop has a connection of its own.
constexpr std::string_view HopByHopHeaders[] = {
    "connection", "keep-alive", "proxy-connection", "te", "trailer", "upgrade",
};

void removeHopByHopHeaders(HeaderMap& headers) {
  for (const std::string_view name : HopByHopHeaders) {
    headers.remove(name);
  }
}

/**
 * What the upstream may believe of where a request comes from: nothing that the client wrote itself.
 */
void removeClaims(HeaderMap& headers) {
  for (const std::string_view name : {"x-real-ip", "x-envoylet-internal"}) {
    headers.remove(name);
  }
}

/**
 * Makes a request from outside fit to be passed on: what the client may not decide is removed, and
 * what the upstream should know is added.
 */
void prepareRequest(HeaderMap& headers, const Network::Address& client, uint64_t stream_id) {
  removeHopByHopHeaders(headers);
  removeClaims(headers);
  const auto forwarded = headers.get("x-forwarded-for");
  const std::string chain =
      forwarded.has_value() ? std::string(*forwarded) + ", " + client.host : client.host;
  headers.set("x-forwarded-for", chain);
  if (!headers.get("x-request-id").has_value()) {
    headers.set("x-request-id", "envoylet-" + std::to_string(stream_id));
  }
}

std::string_view describe(CodecError error) {
  switch (error) {
  case CodecError::None:
    return "no error";
  case CodecError::BadMessage:
    return "not a valid message";
  case CodecError::HeadersTooBig:
    return "headers too big";
  case CodecError::Unsupported:
    return "not supported";
  case CodecError::Truncated:
    return "ended inside a message";
  }
  return "unknown";
}

} // namespace

ExchangeManagerImpl::ExchangeManagerImpl(ExchangeManagerConfigConstSharedPtr config)
    : config_(std::move(config)), stats_(config_->stats) {}

ExchangeManagerImpl::~ExchangeManagerImpl() {
  if (connection_ != nullptr) {
    stats_.downstream_cx_active_.dec();
  }
}

void ExchangeManagerImpl::initializeReadFilter(Network::Connection& connection) {
  connection_ = &connection;
  connection.addConnectionCallbacks(*this);
  codec_ = std::make_unique<Http1ServerCodec>(connection, *this);
  stats_.downstream_cx_total_.inc();
  stats_.downstream_cx_active_.inc();
  idle_timer_ = connection.dispatcher().createTimer([this] { onIdleTimeout(); });
  idle_timer_->enableTimer(config_->idle_timeout);
}

Network::FilterStatus ExchangeManagerImpl::onData(Buffer::Instance& data, bool end_stream) {
  const CodecError error = codec_->dispatch(data, end_stream);
  if (error != CodecError::None) {
    refuse(error);
    return Network::FilterStatus::StopIteration;
  }
  // A request that was sent ahead waits in the buffer. Reading more of them would let one client
  // fill the memory, so the connection is not read until its turn comes.
  if (!data.empty() && !exchanges_.empty() && !reading_paused_) {
    reading_paused_ = true;
    connection_->readDisable(true);
  }
  return Network::FilterStatus::StopIteration;
}

StreamDecoder& ExchangeManagerImpl::newStream(StreamEncoder& encoder) {
  idle_timer_->disableTimer();
  stats_.downstream_rq_total_.inc();
  stats_.downstream_rq_active_.inc();
  exchanges_.push_back(std::make_unique<ActiveExchange>(*this, encoder));
  LOG_CONNECTION(Debug, *connection_, "[S" << exchanges_.back()->id_ << "] new exchange");
  return *exchanges_.back();
}

void ExchangeManagerImpl::onEvent(Network::ConnectionEvent event) {
  if (event == Network::ConnectionEvent::Connected) {
    return;
  }
  // Nobody is left to answer.
  idle_timer_.reset();
  while (!exchanges_.empty()) {
    stats_.downstream_rq_aborted_.inc();
    exchanges_.front()->setResponseDetails("downstream_disconnect");
    endExchange(*exchanges_.front());
  }
}

void ExchangeManagerImpl::onAboveWriteBufferHighWatermark() { onPressure(true); }

void ExchangeManagerImpl::onBelowWriteBufferLowWatermark() { onPressure(false); }

void ExchangeManagerImpl::onPressure(bool high) {
  for (const ActiveExchangePtr& exchange : exchanges_) {
    exchange->pipeline_.onDownstreamPressure(high);
  }
}

void ExchangeManagerImpl::endExchange(ActiveExchange& exchange) {
  const auto it =
      std::find_if(exchanges_.begin(), exchanges_.end(),
                   [&](const ActiveExchangePtr& one) { return one.get() == &exchange; });
  if (it == exchanges_.end()) {
    return;
  }
  ActiveExchangePtr ended = std::move(*it);
  exchanges_.erase(it);
  ended->pipeline_.destroyFilters();
  ended->logAccess();
  stats_.downstream_rq_active_.dec();
  stats_.downstream_rq_time_.recordValue(ended->elapsed().count());
  // One of its filters may be on the stack, and will return into it.
  connection_->dispatcher().deferredDelete(std::move(ended));
}

void ExchangeManagerImpl::onResponseComplete(ActiveExchange& exchange) {
  endExchange(exchange);
  if (!codec_->reusable()) {
    connection_->close(Network::CloseType::FlushWrite);
    return;
  }
  idle_timer_->enableTimer(config_->idle_timeout);
  resumeReading();
}

void ExchangeManagerImpl::refuse(CodecError error) {
  stats_.downstream_cx_protocol_error_.inc();
  LOG_CONNECTION(Info, *connection_, "refused: " << describe(error));
  if (!exchanges_.empty()) {
    // In the middle of a response there is no room for another one.
    connection_->close(Network::CloseType::NoFlush);
    return;
  }
  // What the client meant is unknown, so nothing that follows can be trusted either.
  Buffer::Instance answer("HTTP/1.1 400 Bad Request\r\nconnection: close\r\n"
                          "content-length: 0\r\n\r\n");
  connection_->write(answer, true);
  connection_->close(Network::CloseType::FlushWrite);
}

void ExchangeManagerImpl::onIdleTimeout() {
  stats_.downstream_cx_idle_timeout_.inc();
  connection_->close(Network::CloseType::NoFlush);
}

void ExchangeManagerImpl::resumeReading() {
  if (std::exchange(reading_paused_, false)) {
    connection_->readDisable(false);
  }
}

ExchangeManagerImpl::ActiveExchange::ActiveExchange(ExchangeManagerImpl& manager,
                                                    StreamEncoder& encoder)
    : manager_(manager), encoder_(encoder), pipeline_(*this), id_(next_stream_id++),
      start_(std::chrono::steady_clock::now()) {
  for (const FilterFactoryCb& add_filter : manager_.config_->filters) {
    add_filter(pipeline_);
  }
}

ExchangeManagerImpl::ActiveExchange::~ActiveExchange() = default;

void ExchangeManagerImpl::ActiveExchange::decodeHeaders(HeaderMapPtr&& headers, bool end_stream) {
  request_line_ = std::string(*headers->get(":method")) + " " + std::string(*headers->get(":path"));
  if (!headers->get(":authority").has_value()) {
    // Before any filter runs: without a host no route can match.
    pipeline_.sendLocalReply(400, "a request needs a host\n", "missing_host");
    return;
  }
  prepareRequest(*headers, manager_.connection_->remoteAddress(), id_);
  pipeline_.decodeHeaders(std::move(headers), end_stream);
}

void ExchangeManagerImpl::ActiveExchange::decodeData(Buffer::Instance& data, bool end_stream) {
  pipeline_.decodeData(data, end_stream);
}

Router::RouteEntryConstSharedPtr
ExchangeManagerImpl::ActiveExchange::resolveRoute(const HeaderMap& headers) {
  return manager_.config_->routes->route(headers);
}

void ExchangeManagerImpl::ActiveExchange::writeHeaders(const HeaderMap& headers, bool end_stream) {
  HeaderMapImpl response;
  headers.iterate(
      [&](std::string_view name, std::string_view value) { response.add(name, value); });
  removeHopByHopHeaders(response);
  response.set("server", "envoylet");
  status_ = headers.get(":status").value_or("-");
  encoder_.encodeHeaders(response, end_stream);
  if (end_stream) {
    manager_.onResponseComplete(*this);
  }
}

void ExchangeManagerImpl::ActiveExchange::writeData(Buffer::Instance& data, bool end_stream) {
  response_bytes_ += data.length();
  encoder_.encodeData(data, end_stream);
  if (end_stream) {
    manager_.onResponseComplete(*this);
  }
}

void ExchangeManagerImpl::ActiveExchange::abortExchange() {
  manager_.stats_.downstream_rq_aborted_.inc();
  manager_.endExchange(*this);
  manager_.connection_->close(Network::CloseType::NoFlush);
}

std::chrono::milliseconds ExchangeManagerImpl::ActiveExchange::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start_);
}

void ExchangeManagerImpl::ActiveExchange::logAccess() const {
  LOG_TO_CHANNEL(Logger::Channel::http, Info,
                 "[S" << id_ << "] \"" << request_line_ << "\" " << status_ << " "
                      << response_bytes_ << "B " << elapsed().count() << "ms " << details_);
}

} // namespace Http
} // namespace Envoylet
