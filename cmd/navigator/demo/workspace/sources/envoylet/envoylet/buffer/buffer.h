#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace Envoylet {
namespace Buffer {

/**
 * A queue of bytes: written at the end, read and drained from the front. One string is enough for
 * a small proxy. A large one uses a list of slices, so that moving bytes never copies them.
 */
class Instance {
public:
  Instance() = default;
  explicit Instance(std::string_view data) : bytes_(data) {}
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /**
   * Copies data to the end.
   */
  void add(std::string_view data) { bytes_.append(data); }

  /**
   * Takes all the bytes of another buffer, which is left empty.
   */
  void move(Instance& from) {
    if (length() == 0) {
      bytes_.swap(from.bytes_);
      std::swap(drained_, from.drained_);
    } else {
      bytes_.append(from.view());
    }
    from.clear();
  }

  /**
   * Drops bytes from the front.
   * @param count how many; must not exceed length().
   */
  void drain(uint64_t count) {
    drained_ += count;
    if (drained_ == bytes_.size()) {
      clear();
    } else if (drained_ > CompactAt) {
      bytes_.erase(0, drained_);
      drained_ = 0;
    }
  }

  void clear() {
    bytes_.clear();
    drained_ = 0;
  };

  /**
   * @return the bytes that were not drained yet, valid until the next change.
   */
  std::string_view view() const { return std::string_view(bytes_).substr(drained_); }
  uint64_t length() const { return bytes_.size() - drained_; };
  bool empty() const { return length() == 0; };

private:
  // Bytes drained before the front of the string is given back.
  static constexpr size_t CompactAt = 64 * 1024;

  std::string bytes_;
  size_t drained_{0};
};

using InstancePtr = std::unique_ptr<Instance>;

} // namespace Buffer
} // namespace Envoylet
