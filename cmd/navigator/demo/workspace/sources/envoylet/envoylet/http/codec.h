#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "envoylet/buffer/buffer.h"
#include "envoylet/common/pure.h"

namespace Envoylet {
namespace Http {

/**
 * Headers in the order in which they came. Names compare without case. The first line of a
 * message is kept as pseudo headers — `:method`, `:path`, `:authority`, `:status` — as HTTP/2 does,
 * so that filters are the same for every version of the protocol.
 */
class HeaderMap {
public:
  using Visitor = std::function<void(std::string_view name, std::string_view value)>;

  virtual ~HeaderMap() = default;

  /**
   * @return the first value of a header, or nothing.
   */
  virtual std::optional<std::string_view> get(std::string_view name) const PURE;

  /**
   * Appends a header, also when one of that name is there.
   */
  virtual void add(std::string_view name, std::string_view value) PURE;

  /**
   * Replaces every header of that name.
   */
  virtual void set(std::string_view name, std::string_view value) PURE;

  /**
   * @return how many headers were removed.
   */
  virtual size_t remove(std::string_view name) PURE;

  virtual void iterate(const Visitor& visitor) const PURE;
};

using HeaderMapPtr = std::unique_ptr<HeaderMap>;

/**
 * Receives the parts of a message as a codec decodes them.
 */
class StreamDecoder {
public:
  virtual ~StreamDecoder() = default;

  /**
   * @param end_stream whether the message has no body.
   */
  virtual void decodeHeaders(HeaderMapPtr&& headers, bool end_stream) PURE;
  virtual void decodeData(Buffer::Instance& data, bool end_stream) PURE;
};

/**
 * Takes the parts of a message and writes them to a connection.
 */
class StreamEncoder {
public:
  virtual ~StreamEncoder() = default;

  virtual void encodeHeaders(const HeaderMap& headers, bool end_stream) PURE;
  virtual void encodeData(Buffer::Instance& data, bool end_stream) PURE;
};

/**
 * The codec of a downstream connection asks here for somebody to receive each new request.
 */
class ServerCodecCallbacks {
public:
  virtual ~ServerCodecCallbacks() = default;

  /**
   * A request begins.
   * @param encoder writes its response; lives as long as the codec.
   * @return who receives the request.
   */
  virtual StreamDecoder& newStream(StreamEncoder& encoder) PURE;
};

/**
 * Why a codec gave up on a connection.
 */
enum class CodecError {
  None,
  BadMessage,    // not HTTP
  HeadersTooBig, // over the limit
  Unsupported,   // valid, but beyond this codec
  Truncated,     // the connection ended inside a message
};

/**
 * Turns the bytes of a connection into messages and back.
 */
class Codec {
public:
  virtual ~Codec() = default;

  /**
   * Decodes as much as it can, and drains what it decoded.
   * @param end_stream whether the peer will send no more.
   */
  virtual CodecError dispatch(Buffer::Instance& data, bool end_stream) PURE;

  /**
   * @return whether the connection can carry another message after this one.
   */
  virtual bool reusable() const PURE;
};

using CodecPtr = std::unique_ptr<Codec>;

} // namespace Http
} // namespace Envoylet
