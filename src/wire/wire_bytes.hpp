// Numbers in the order of the wire, most significant byte first, into and out of packets.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace weft {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

class WireWriter {
 public:
  void u8(std::uint8_t value) { bytes_.push_back(value); }
  void u16(std::uint16_t value) {
    u8(static_cast<std::uint8_t>(value >> 8));
    u8(static_cast<std::uint8_t>(value));
  }
  void u32(std::uint32_t value) {
    u16(static_cast<std::uint16_t>(value >> 16));
    u16(static_cast<std::uint16_t>(value));
  }
  void bytes(ByteView all) { bytes_.insert(bytes_.end(), all.begin(), all.end()); }
  void zeros(std::size_t count) { bytes_.insert(bytes_.end(), count, 0); }

  std::size_t size() const { return bytes_.size(); }
  // What was written from `place` on, to set lengths and checksums afterwards.
  std::span<std::uint8_t> from(std::size_t place) { return std::span(bytes_).subspan(place); }
  void set_u16(std::size_t place, std::uint16_t value) {
    bytes_[place] = static_cast<std::uint8_t>(value >> 8);
    bytes_[place + 1] = static_cast<std::uint8_t>(value);
  }
  Bytes take() { return std::move(bytes_); }

 private:
  Bytes bytes_;
};

// Past the end it reads zeros, and then is_whole() is false.
class WireReader {
 public:
  explicit WireReader(ByteView bytes) : bytes_(bytes) {}
  bool is_whole() const { return is_whole_; }
  ByteView rest() const { return bytes_; }

  std::uint8_t u8() {
    const auto byte = take(1);
    return byte.empty() ? std::uint8_t{0} : byte[0];
  }
  std::uint16_t u16() {
    const auto high = u8();
    return static_cast<std::uint16_t>(high << 8 | u8());
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  template <std::size_t count>
  std::array<std::uint8_t, count> array() {
    std::array<std::uint8_t, count> result{};
    std::ranges::copy(take(count), result.begin());
    return result;
  }
  // Nothing, where there are not so many left.
  ByteView take(std::size_t count) {
    if (count > bytes_.size()) {
      is_whole_ = false;
      bytes_ = {};
      return {};
    }
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  // What follows belongs to another packet, or is padding.
  void end_after(std::size_t count) { bytes_ = bytes_.first(std::min(count, bytes_.size())); }

 private:
  ByteView bytes_;
  bool is_whole_ = true;
};

}  // namespace weft
