#pragma once

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "envoylet/http/codec.h"

namespace Envoylet {
namespace Http {

/**
 * Headers in a vector: a message has about twenty, and to walk twenty entries is quicker than to
 * hash one name. Names are kept in lower case.
 */
class HeaderMapImpl : public HeaderMap {
public:
  using Entry = std::pair<std::string, std::string>;

  HeaderMapImpl() = default;
  HeaderMapImpl(std::initializer_list<Entry> entries) : entries_(entries) {}

  // Http::HeaderMap
  std::optional<std::string_view> get(std::string_view name) const override {
    for (const Entry& entry : entries_) {
      if (same(entry.first, name)) {
        return entry.second;
      }
    }
    return std::nullopt;
  }

  void add(std::string_view name, std::string_view value) override {
    entries_.emplace_back(lower(name), value);
  }

  void set(std::string_view name, std::string_view value) override {
    remove(name);
    add(name, value);
  }

  size_t remove(std::string_view name) override {
    return std::erase_if(entries_, [&](const Entry& entry) { return same(entry.first, name); });
  }

  void iterate(const Visitor& visitor) const override {
    for (const auto& [name, value] : entries_) {
      visitor(name, value);
    }
  }

  static std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    return result;
  }

  /**
   * @return whether two names are the same but for case; stored is in lower case already.
   */
  static bool same(std::string_view stored, std::string_view name) {
    return std::equal(stored.begin(), stored.end(), name.begin(), name.end(),
                      [](char a, unsigned char b) { return a == std::tolower(b); });
  }

private:
  std::vector<Entry> entries_;
};

} // namespace Http
} // namespace Envoylet
