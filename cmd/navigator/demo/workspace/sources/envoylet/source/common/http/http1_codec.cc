#include "source/common/http/http1_codec.h"

#include <algorithm>
#include <charconv>

#include "source/common/http/header_map_impl.h"

namespace Envoylet {
namespace Http {

namespace {

constexpr std::string_view LineEnd = "\r\n";
constexpr std::string_view HeadEnd = "\r\n\r\n";

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<uint64_t> parseNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

// Cuts text at the first separator, and returns what stood before it.
std::string_view cut(std::string_view& text, char separator) {
  const size_t at = text.find(separator);
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return before;
}

std::string_view reasonPhrase(std::string_view status) {
  struct Reason {
    std::string_view status;
    std::string_view phrase;
  };
  static constexpr Reason Reasons[] = {
      {"200", "OK"},          {"400", "Bad Request"}, {"403", "Forbidden"},
      {"404", "Not Found"},   {"502", "Bad Gateway"}, {"503", "Service Unavailable"},
      {"504", "Gateway Timeout"},
  };
  for (const Reason& reason : Reasons) {
    if (reason.status == status) {
      return reason.phrase;
    }
  }
  return "-";
}

void appendFields(std::string& out, const HeaderMap& headers) {
  headers.iterate([&out](std::string_view name, std::string_view value) {
    if (name.starts_with(':')) {
      return; // in the first line already
    }
    out.append(name).append(": ").append(value).append(LineEnd);
  });
}

void writeText(Network::Connection& connection, std::string_view text) {
  Buffer::Instance bytes(text);
  connection.write(bytes, false);
}

} // namespace

CodecError MessageParser::parse(Buffer::Instance& data, bool end_stream) {
  if (state_ == State::Head) {
    const CodecError error = parseHead(data, end_stream);
    if (error != CodecError::None) {
      return error;
    }
  }
  return parseBody(data, end_stream);
}

void MessageParser::reset() {
  state_ = State::Head;
  body_left_ = 0;
  keep_alive_ = true;
}

CodecError MessageParser::parseHead(Buffer::Instance& data, bool end_stream) {
  const std::string_view view = data.view();
  const size_t size = view.find(HeadEnd);
  if (size == std::string_view::npos) {
    if (view.size() > MaxHeaderBytes) {
      return CodecError::HeadersTooBig;
    }
    return end_stream && !view.empty() ? CodecError::Truncated : CodecError::None;
  }

  auto headers = std::make_unique<HeaderMapImpl>();
  std::string_view head = view.substr(0, size + LineEnd.size());
  const std::string_view first_line = head.substr(0, head.find(LineEnd));
  head.remove_prefix(first_line.size() + LineEnd.size());
  if (!parseFirstLine(first_line, *headers)) {
    return CodecError::BadMessage;
  }
  CodecError error = parseFields(head, *headers);
  if (error == CodecError::None) {
    error = chooseFraming(*headers);
  }
  if (error != CodecError::None) {
    return error;
  }
  data.drain(size + HeadEnd.size());
  // The state is right before anybody hears of the headers: the answer may come from inside.
  callbacks_.onHeadersComplete(std::move(headers), done());
  return CodecError::None;
}

bool MessageParser::parseFirstLine(std::string_view line, HeaderMap& headers) {
  const std::string_view first = cut(line, ' ');
  const std::string_view second = cut(line, ' ');
  const std::string_view version = type_ == Type::Request ? line : first;
  if (second.empty() || !version.starts_with("HTTP/1.")) {
    return false;
  }
  keep_alive_ = version == "HTTP/1.1";
  if (type_ == Type::Request) {
    headers.add(":method", first);
    headers.add(":path", second);
    return second.starts_with('/');
  }
  headers.add(":status", second);
  return second.size() == 3 && parseNumber(second).has_value();
}

CodecError MessageParser::parseFields(std::string_view fields, HeaderMap& headers) {
  while (!fields.empty()) {
    std::string_view line = fields.substr(0, fields.find(LineEnd));
    fields.remove_prefix(line.size() + LineEnd.size());
    const std::string_view name = cut(line, ':');
    if (name.empty() || name.find_first_of(" \t") != std::string_view::npos) {
      return CodecError::BadMessage;
    }
    headers.add(HeaderMapImpl::same("host", name) ? ":authority" : name, trim(line));
  }
  return CodecError::None;
}

CodecError MessageParser::chooseFraming(const HeaderMap& headers) {
  if (headers.get("transfer-encoding").has_value()) {
    return CodecError::Unsupported;
  }
  const auto connection = headers.get("connection");
  if (connection.has_value() && HeaderMapImpl::lower(*connection) == "close") {
    keep_alive_ = false;
  }

  // Two lengths that differ are an attack: the next proxy might believe the other one, and take the
  // rest of the body for a request that nobody has checked.
  std::optional<uint64_t> length;
  bool valid = true;
  headers.iterate([&](std::string_view name, std::string_view value) {
    if (name != "content-length") {
      return;
    }
    const std::optional<uint64_t> number = parseNumber(value);
    valid = valid && number.has_value() && length.value_or(*number) == *number;
    length = number;
  });
  if (!valid) {
    return CodecError::BadMessage;
  }

  const std::string_view status = headers.get(":status").value_or("");
  const bool never_a_body = callbacks_.bodyForbidden() || status.starts_with('1') ||
                            status == "204" || status == "304";
  if (never_a_body || length.value_or(1) == 0 || (type_ == Type::Request && !length)) {
    state_ = State::Done;
  } else if (length.has_value()) {
    state_ = State::Body;
    body_left_ = *length;
  } else {
    state_ = State::UntilClose;
    keep_alive_ = false;
  }
  return CodecError::None;
}

CodecError MessageParser::parseBody(Buffer::Instance& data, bool end_stream) {
  switch (state_) {
  case State::Body: {
    Buffer::Instance piece(data.view().substr(0, body_left_));
    data.drain(piece.length());
    body_left_ -= piece.length();
    if (body_left_ == 0) {
      state_ = State::Done;
    } else if (end_stream) {
      return CodecError::Truncated;
    }
    if (!piece.empty()) {
      callbacks_.onBody(piece, done());
    }
    return CodecError::None;
  }
  case State::UntilClose:
    if (end_stream) {
      state_ = State::Done;
    }
    if (!data.empty() || end_stream) {
      Buffer::Instance piece;
      piece.move(data);
      callbacks_.onBody(piece, done());
    }
    return CodecError::None;
  case State::Head:
  case State::Done:
    return CodecError::None;
  }
  return CodecError::None;
}

Http1ServerCodec::Http1ServerCodec(Network::Connection& connection,
                                   ServerCodecCallbacks& callbacks)
    : connection_(connection), callbacks_(callbacks),
      parser_(MessageParser::Type::Request, *this) {}

CodecError Http1ServerCodec::dispatch(Buffer::Instance& data, bool end_stream) {
  while (reusable_ || !parser_.done()) {
    if (parser_.done()) {
      if (response_pending_) {
        return CodecError::None;
      }
      parser_.reset();
    }
    const CodecError error = parser_.parse(data, end_stream);
    if (error != CodecError::None || !parser_.done()) {
      return error;
    }
  }
  return CodecError::None;
}

void Http1ServerCodec::onHeadersComplete(HeaderMapPtr&& headers, bool end_stream) {
  response_pending_ = true;
  reusable_ = parser_.keepAlive();
  decoder_ = &callbacks_.newStream(*this);
  decoder_->decodeHeaders(std::move(headers), end_stream);
}

void Http1ServerCodec::onBody(Buffer::Instance& data, bool end_stream) {
  if (decoder_ != nullptr) {
    decoder_->decodeData(data, end_stream);
  }
}

void Http1ServerCodec::encodeHeaders(const HeaderMap& headers, bool end_stream) {
  const std::string_view status = headers.get(":status").value_or("500");
  std::string head = "HTTP/1.1 ";
  head.append(status).append(" ").append(reasonPhrase(status)).append(LineEnd);
  appendFields(head, headers);
  if (!headers.get("content-length").has_value()) {
    if (end_stream) {
      head.append("content-length: 0\r\n");
    } else {
      // Without a length, only the end of the connection says where the body ends.
      reusable_ = false;
    }
  }
  // A response that overtakes its request leaves half a request on the connection.
  reusable_ = reusable_ && (parser_.done() || !end_stream);
  head.append(reusable_ ? "" : "connection: close\r\n").append(LineEnd);
  writeText(connection_, head);
  if (end_stream) {
    responseComplete();
  }
}

void Http1ServerCodec::encodeData(Buffer::Instance& data, bool end_stream) {
  connection_.write(data, false);
  if (end_stream) {
    responseComplete();
  }
}

void Http1ServerCodec::responseComplete() {
  reusable_ = reusable_ && parser_.done();
  response_pending_ = false;
  decoder_ = nullptr;
}

Http1ClientCodec::Http1ClientCodec(Network::Connection& connection, StreamDecoder& decoder)
    : connection_(connection), decoder_(decoder), parser_(MessageParser::Type::Response, *this) {}

CodecError Http1ClientCodec::dispatch(Buffer::Instance& data, bool end_stream) {
  if (parser_.done()) {
    return data.empty() ? CodecError::None : CodecError::BadMessage;
  }
  const CodecError error = parser_.parse(data, end_stream);
  if (error == CodecError::None && end_stream && !parser_.done()) {
    return CodecError::Truncated;
  }
  return error;
}

void Http1ClientCodec::encodeHeaders(const HeaderMap& headers, bool end_stream) {
  const std::string_view method = headers.get(":method").value_or("GET");
  head_request_ = method == "HEAD";
  std::string head(method);
  head.append(" ").append(headers.get(":path").value_or("/")).append(" HTTP/1.1\r\nhost: ");
  head.append(headers.get(":authority").value_or("")).append(LineEnd);
  appendFields(head, headers);
  // A body without a length cannot be framed: nobody asks for one, so it is a mistake of ours.
  static_cast<void>(end_stream);
  writeText(connection_, head.append(LineEnd));
}

void Http1ClientCodec::encodeData(Buffer::Instance& data, bool) { connection_.write(data, false); }

void Http1ClientCodec::onHeadersComplete(HeaderMapPtr&& headers, bool end_stream) {
  if (headers->get(":status")->starts_with('1')) {
    parser_.reset(); // "100 Continue" and the like announce the real response
    return;
  }
  decoder_.decodeHeaders(std::move(headers), end_stream);
}

void Http1ClientCodec::onBody(Buffer::Instance& data, bool end_stream) {
  decoder_.decodeData(data, end_stream);
}

} // namespace Http
} // namespace Envoylet
