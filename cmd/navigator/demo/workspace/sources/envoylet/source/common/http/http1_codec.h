#pragma once

#include <cstdint>
#include <string_view>

#include "envoylet/http/codec.h"
#include "envoylet/network/connection.h"
#include "source/common/common/logger.h"

namespace Envoylet {
namespace Http {

/**
 * Finds the parts of an HTTP/1.1 message in a stream of bytes. It knows nothing of connections.
 */
class MessageParser {
public:
  enum class Type { Request, Response };

  /**
   * Hears what the parser finds.
   */
  class Callbacks {
  public:
    virtual ~Callbacks() = default;

    /**
     * @param end_stream whether the message ends with its headers.
     */
    virtual void onHeadersComplete(HeaderMapPtr&& headers, bool end_stream) PURE;
    virtual void onBody(Buffer::Instance& data, bool end_stream) PURE;

    /**
     * @return whether the message has no body whatever its headers say: the answer to a HEAD.
     */
    virtual bool bodyForbidden() const { return false; };
  };

  // Headers longer than this are refused, lest a peer fill the memory without ever ending them.
  static constexpr uint64_t MaxHeaderBytes = 60 * 1024;

  MessageParser(Type type, Callbacks& callbacks) : type_(type), callbacks_(callbacks) {}

  /**
   * Parses up to the end of one message.
   */
  CodecError parse(Buffer::Instance& data, bool end_stream);

  bool done() const { return state_ == State::Done; }

  /**
   * @return whether the connection outlives the message, as far as the peer is concerned.
   */
  bool keepAlive() const { return keep_alive_; }

  /**
   * Prepares for the next message.
   */
  void reset();

private:
  enum class State { Head, Body, UntilClose, Done };

  CodecError parseHead(Buffer::Instance& data, bool end_stream);
  CodecError parseBody(Buffer::Instance& data, bool end_stream);
  bool parseFirstLine(std::string_view line, HeaderMap& headers);
  CodecError parseFields(std::string_view fields, HeaderMap& headers);
  CodecError chooseFraming(const HeaderMap& headers);

  const Type type_;
  Callbacks& callbacks_;
  State state_{State::Head};
  uint64_t body_left_{0};
  bool keep_alive_{true};
};

/**
 * The codec of a downstream connection: decodes requests, encodes responses. While a response is
 * being written, a request that the client sent ahead (pipelining) waits in the buffer.
 */
class Http1ServerCodec : public Codec,
                         public StreamEncoder,
                         MessageParser::Callbacks,
                         Logger::Loggable<Logger::Channel::http> {
public:
  Http1ServerCodec(Network::Connection& connection, ServerCodecCallbacks& callbacks);

  // Http::Codec
  CodecError dispatch(Buffer::Instance& data, bool end_stream) override;
  bool reusable() const override { return reusable_; }

  // Http::StreamEncoder
  void encodeHeaders(const HeaderMap& headers, bool end_stream) override;
  void encodeData(Buffer::Instance& data, bool end_stream) override;

private:
  // MessageParser::Callbacks
  void onHeadersComplete(HeaderMapPtr&& headers, bool end_stream) override;
  void onBody(Buffer::Instance& data, bool end_stream) override;

  void responseComplete();

  Network::Connection& connection_;
  ServerCodecCallbacks& callbacks_;
  MessageParser parser_;
  StreamDecoder* decoder_{nullptr}; // null when nobody wants the rest of the request
  bool response_pending_{false};
  bool reusable_{true};
};

/**
 * The codec of an upstream connection: encodes one request, decodes its response.
 */
class Http1ClientCodec : public Codec, public StreamEncoder, MessageParser::Callbacks {
public:
  Http1ClientCodec(Network::Connection& connection, StreamDecoder& decoder);

  // Http::Codec
  CodecError dispatch(Buffer::Instance& data, bool end_stream) override;
  bool reusable() const override { return parser_.done() && parser_.keepAlive(); }

  // Http::StreamEncoder
  void encodeHeaders(const HeaderMap& headers, bool end_stream) override;
  void encodeData(Buffer::Instance& data, bool end_stream) override;

private:
  // MessageParser::Callbacks
  void onHeadersComplete(HeaderMapPtr&& headers, bool end_stream) override;
  void onBody(Buffer::Instance& data, bool end_stream) override;
  bool bodyForbidden() const override { return head_request_; }

  Network::Connection& connection_;
  StreamDecoder& decoder_;
  MessageParser parser_;
  bool head_request_{false};
};

} // namespace Http
} // namespace Envoylet
