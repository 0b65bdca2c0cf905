#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "envoylet/common/pure.h"

namespace Envoylet {

namespace Http {
class HeaderMap;
} // namespace Http

namespace Router {

/**
 * Where the requests that match a route go, and how.
 */
class RouteEntry {
public:
  virtual ~RouteEntry() = default;

  virtual const std::string& clusterName() const PURE;

  /**
   * @return the longest time from the end of the request to the end of the response.
   */
  virtual std::chrono::milliseconds timeout() const PURE;

  /**
   * @return how many times a request may be tried again on another host.
   */
  virtual uint32_t retries() const PURE;

  /**
   * Changes the headers of a request as the route says, before it goes upstream.
   */
  virtual void finalizeRequestHeaders(Http::HeaderMap& headers) const PURE;
};

using RouteEntryConstSharedPtr = std::shared_ptr<const RouteEntry>;

/**
 * The routes of a listener.
 */
class RouteConfig {
public:
  virtual ~RouteConfig() = default;

  /**
   * @return the first route that matches, null when there is none.
   */
  virtual RouteEntryConstSharedPtr route(const Http::HeaderMap& headers) const PURE;
};

using RouteConfigConstSharedPtr = std::shared_ptr<const RouteConfig>;

} // namespace Router
} // namespace Envoylet
