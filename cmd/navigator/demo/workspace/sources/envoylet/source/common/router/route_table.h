#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "envoylet/http/codec.h"
#include "envoylet/router/router.h"

namespace Envoylet {
namespace Router {

/**
 * One line of the route table.
 */
struct RouteRule {
  std::string domain; // "*" for any
  std::string prefix; // of the path
  std::string cluster;
  std::string rewrite; // what the prefix becomes, empty to leave it
  std::chrono::milliseconds timeout{15000};
  uint32_t retries{1};

  bool matches(std::string_view authority, std::string_view path) const {
    return (domain == "*" || domain == authority) && prefixMatches(path);
  }

private:
  // Whole segments only: `/users` is a prefix of `/users/7` and not of `/usersettings`.
  bool prefixMatches(std::string_view path) const {
    if (!path.starts_with(prefix)) {
      return false;
    }
    return prefix.ends_with('/') || path.size() == prefix.size() || path[prefix.size()] == '/' ||
           path[prefix.size()] == '?';
  }
};

class RouteEntryImpl : public RouteEntry {
public:
  explicit RouteEntryImpl(RouteRule rule) : rule_(std::move(rule)) {}

  const RouteRule& rule() const { return rule_; };

  // Router::RouteEntry
  const std::string& clusterName() const override { return rule_.cluster; }
  std::chrono::milliseconds timeout() const override { return rule_.timeout; }
  uint32_t retries() const override { return rule_.retries; }

  void finalizeRequestHeaders(Http::HeaderMap& headers) const override {
    if (rule_.rewrite.empty()) {
      return;
    }
    const std::string path(headers.get(":path").value_or("/"));
    headers.set("x-envoylet-original-path", path);
    headers.set(":path", rule_.rewrite + path.substr(rule_.prefix.size()));
  }

private:
  const RouteRule rule_;
};

/**
 * Routes in the order in which they were written: the first that matches wins. A table of a few
 * routes needs nothing quicker.
 */
class RouteTable : public RouteConfig {
public:
  explicit RouteTable(std::vector<RouteRule> rules = {}) {
    for (RouteRule& rule : rules) {
      entries_.push_back(std::make_shared<const RouteEntryImpl>(std::move(rule)));
    }
  }

  // Router::RouteConfig
  RouteEntryConstSharedPtr route(const Http::HeaderMap& headers) const override {
    std::string_view authority = headers.get(":authority").value_or("");
    authority = authority.substr(0, authority.find(':')); // the port does not choose a route
    const std::string_view path = headers.get(":path").value_or("/");
    for (const auto& entry : entries_) {
      if (entry->rule().matches(authority, path)) {
        return entry;
      }
    }
    return nullptr;
  }

private:
  std::vector<std::shared_ptr<const RouteEntryImpl>> entries_;
};

} // namespace Router
} // namespace Envoylet
