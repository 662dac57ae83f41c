// An IP address and a port, as the socket calls take and give them.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "wire/ip_address.hpp"

namespace weft::prober {

class SocketAddress {
 public:
  SocketAddress() = default;  // Room for one.
  SocketAddress(const IpAddress& address, std::uint16_t port) {
    if (address.is_v4()) {
      sockaddr_in in{};
      in.sin_family = AF_INET;
      in.sin_port = htons(port);
      std::memcpy(&in.sin_addr, address.v4().data(), 4);
      std::memcpy(&storage_, &in, size_ = sizeof in);
    } else {
      sockaddr_in6 in{};
      in.sin6_family = AF_INET6;
      in.sin6_port = htons(port);
      std::memcpy(&in.sin6_addr, address.mapped().data(), 16);
      std::memcpy(&storage_, &in, size_ = sizeof in);
    }
  }

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }
  sockaddr* room() { return reinterpret_cast<sockaddr*>(&storage_); }
  socklen_t* room_size() {
    size_ = sizeof storage_;
    return &size_;
  }

  IpAddress address() const {
    if (storage_.ss_family == AF_INET) {
      return *IpAddress::from_bytes(&reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr, 4);
    }
    return *IpAddress::from_bytes(&reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr, 16);
  }
  std::uint16_t port() const {  // It stands at the same place in both.
    return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
  }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = sizeof(sockaddr_storage);
};

}  // namespace weft::prober
