// The fields of one line of the protocol, read one by one; the first that is wrong is remembered, and all further ones
// are nothing.
#pragma once

#include <fmt/format.h>

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"
#include "wire/subnet.hpp"

namespace weft::prober {

class LineFields {
 public:
  explicit LineFields(const json::object& object) : object_(object) {}
  // What was wrong; empty: nothing.
  const std::string& complaint() const { return complaint_; }
  void complain(std::string_view name, std::string_view expected) {
    if (complaint_.empty()) complaint_ = fmt::format("\"{}\" is no {}", name, expected);
  }

  std::string text(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr || !value->is_string()) return complain(name, "text"), std::string();
    return std::string(value->get_string());
  }
  bool flag(std::string_view name) {
    const auto* value = find(name);
    if (value == nullptr || !value->is_bool()) return complain(name, "truth value"), false;
    return value->get_bool();
  }
  template <class Number>
  Number number(std::string_view name, std::uint64_t last = std::numeric_limits<Number>::max()) {
    const auto* value = find(name);
    const auto number = value != nullptr ? whole_number(*value) : std::nullopt;
    if (!number || *number > last) return complain(name, fmt::format("number up to {}", last)), Number{0};
    return static_cast<Number>(*number);
  }
  template <class Number>
  std::vector<Number> numbers(std::string_view name, std::uint64_t last = std::numeric_limits<Number>::max()) {
    std::vector<Number> numbers;
    const auto* value = find(name);
    if (value == nullptr || !value->is_array()) return complain(name, "list"), numbers;
    for (const auto& element : value->get_array()) {
      const auto number = whole_number(element);
      if (!number || *number > last) return complain(name, fmt::format("list of numbers up to {}", last)), numbers;
      numbers.push_back(static_cast<Number>(*number));
    }
    return numbers;
  }
  MacAddress mac(std::string_view name) {
    const auto mac = MacAddress::parse(text(name));
    if (!mac) complain(name, "MAC address");
    return mac.value_or(MacAddress{});
  }
  IpAddress address(std::string_view name) {
    const auto address = IpAddress::parse(text(name));
    if (!address) complain(name, "IP address");
    return address.value_or(IpAddress{});
  }
  std::vector<InterfaceAddress> interface_addresses(std::string_view name) {
    std::vector<InterfaceAddress> addresses;
    const auto* value = find(name);
    if (value == nullptr || !value->is_array()) return complain(name, "list"), addresses;
    for (const auto& element : value->get_array()) {
      const auto address = element.is_string() ? InterfaceAddress::parse(element.get_string()) : std::nullopt;
      if (!address) return complain(name, "list of addresses with the length of their prefix"), addresses;
      addresses.push_back(*address);
    }
    return addresses;
  }
  // Absent: none.
  std::optional<IpAddress> optional_address(std::string_view name) {
    if (find(name) == nullptr) return std::nullopt;
    return address(name);
  }

 private:
  static std::optional<std::uint64_t> whole_number(const json::value& value) {
    if (value.is_uint64()) return value.get_uint64();
    if (value.is_int64() && value.get_int64() >= 0) return static_cast<std::uint64_t>(value.get_int64());
    return std::nullopt;
  }
  const json::value* find(std::string_view name) const { return object_.if_contains(name); }

  const json::object& object_;
  std::string complaint_;
};

}  // namespace weft::prober
