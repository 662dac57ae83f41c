#include "prober/neighbours.hpp"

#include <libmnl/libmnl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <span>
#include <vector>

#include "base/system_error.hpp"

namespace weft::prober {
namespace {

// Who made an entry (NDA_PROTOCOL); below it are the numbers of routing daemons (rt_protos of iproute2).
constexpr std::uint8_t our_mark = 0xb5;
constexpr std::size_t message_bytes_max = 128;
constexpr std::size_t batch_bytes_max = 16384;

// Requests in a row, and what the kernel says to them.
class Batch {
 public:
  nlmsghdr* begin(std::uint16_t type, std::uint16_t flags) {
    auto* message = mnl_nlmsg_put_header(buffer_.data() + size_);
    message->nlmsg_type = type;
    message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    return message;
  }
  void end(const nlmsghdr* message) { size_ += mnl_nlmsg_size(message->nlmsg_len - MNL_NLMSG_HDRLEN); }
  bool is_full() const { return size_ + message_bytes_max > batch_bytes_max; }
  std::span<const char> bytes() const { return std::span(buffer_).first(size_); }
  void clear() { size_ = 0; }

 private:
  alignas(nlmsghdr) std::array<char, batch_bytes_max> buffer_{};
  std::size_t size_ = 0;
};

void put_neighbour(nlmsghdr* message, int device_index, const IpAddress& address, std::uint16_t state) {
  auto* header = static_cast<ndmsg*>(mnl_nlmsg_put_extra_header(message, sizeof(ndmsg)));
  header->ndm_family = address.is_v4() ? AF_INET : AF_INET6;
  header->ndm_ifindex = device_index;
  header->ndm_state = state;
  if (address.is_v4()) {
    mnl_attr_put(message, NDA_DST, 4, address.v4().data());
  } else {
    mnl_attr_put(message, NDA_DST, 16, address.mapped().data());
  }
}

struct Entry {
  std::optional<IpAddress> address = {};
  bool is_ours = false;
};

int read_attribute(const nlattr* attribute, void* data) {
  auto* entry = static_cast<Entry*>(data);
  if (mnl_attr_get_type(attribute) == NDA_DST) {
    entry->address = IpAddress::from_bytes(mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute));
  } else if (mnl_attr_get_type(attribute) == NDA_PROTOCOL) {
    entry->is_ours = mnl_attr_get_u8(attribute) == our_mark;
  }
  return MNL_CB_OK;
}

// The address of an entry that bears our mark.
std::optional<IpAddress> our_address(const nlmsghdr* message) {
  Entry entry;
  mnl_attr_parse(message, sizeof(ndmsg), read_attribute, &entry);
  return entry.is_ours ? entry.address : std::nullopt;
}

}  // namespace

class Neighbours::Socket {
 public:
  explicit Socket(mnl_socket* socket) : socket_(socket) {}

  Result<> send(std::span<const char> bytes) {
    if (mnl_socket_sendto(socket_.get(), bytes.data(), bytes.size()) < 0)
      return fail_with_errno("cannot ask the kernel for neighbours");
    return {};
  }

  // The kernel has done all that was sent; without NLM_F_ACK it only tells what failed. The first failure that is none
  // of `expected_error`.
  Result<> take_failures(int expected_error) {
    Result<> result;
    for (;;) {
      const auto got = ::recv(mnl_socket_get_fd(socket_.get()), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
      if (got <= 0) return result;
      auto left = static_cast<int>(got);
      const auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data());
      for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        if (message->nlmsg_type != NLMSG_ERROR) continue;
        const int error = -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message))->error;
        if (error != 0 && error != expected_error && result)
          result = fail_with_errno("cannot change a permanent neighbour", error);
      }
    }
  }

  // Calls `take` for each message of a dump.
  template <class Take>
  Result<> take_dump(Take take) {
    for (;;) {
      const auto got = mnl_socket_recvfrom(socket_.get(), buffer_.data(), buffer_.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail_with_errno("cannot read the kernel's neighbours");
      auto left = static_cast<int>(got);
      const auto* message = reinterpret_cast<const nlmsghdr*>(buffer_.data());
      for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        if (message->nlmsg_type == NLMSG_DONE) return {};
        if (message->nlmsg_type == NLMSG_ERROR) {
          return fail_with_errno("cannot read the kernel's neighbours",
                                 -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message))->error);
        }
        if (message->nlmsg_type == RTM_NEWNEIGH) take(message);
      }
    }
  }

 private:
  struct Closer {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
  };
  std::unique_ptr<mnl_socket, Closer> socket_;
  std::vector<char> buffer_ = std::vector<char>(std::size_t{64} * 1024);  // As large as a part of a dump may be.
};

Neighbours::Neighbours(std::unique_ptr<Socket> socket, int device_index)
    : socket_(std::move(socket)), device_index_(device_index) {}
Neighbours::Neighbours(Neighbours&&) noexcept = default;
Neighbours& Neighbours::operator=(Neighbours&&) noexcept = default;
Neighbours::~Neighbours() = default;

Result<Neighbours> Neighbours::open(int device_index) {
  auto* socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
  if (socket == nullptr) return fail_with_errno("cannot open a netlink socket");
  auto owner = std::make_unique<Socket>(socket);
  int on = 1;
  mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, sizeof on);  // Failures without the request they are about.
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) return fail_with_errno("cannot bind a netlink socket");
  return Neighbours(std::move(owner), device_index);
}

Result<> Neighbours::add(const std::vector<Neighbour>& all) {
  Batch batch;
  const auto flush = [&]() -> Result<> {
    TRY(socket_->send(batch.bytes()));
    batch.clear();
    return socket_->take_failures(EEXIST);
  };
  for (const auto& neighbour : all) {
    auto* message = batch.begin(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_EXCL);
    put_neighbour(message, device_index_, neighbour.address, NUD_PERMANENT);
    mnl_attr_put(message, NDA_LLADDR, 6, neighbour.mac.bytes().data());
    mnl_attr_put_u8(message, NDA_PROTOCOL, our_mark);
    batch.end(message);
    if (batch.is_full()) TRY(flush());
  }
  return batch.bytes().empty() ? Result<>() : flush();
}

Result<std::size_t> Neighbours::remove_ours() {
  Batch batch;
  auto* question = batch.begin(RTM_GETNEIGH, NLM_F_DUMP);
  static_cast<ndmsg*>(mnl_nlmsg_put_extra_header(question, sizeof(ndmsg)))->ndm_family = AF_UNSPEC;
  batch.end(question);
  TRY(socket_->send(batch.bytes()));
  batch.clear();
  std::vector<IpAddress> ours;
  TRY(socket_->take_dump([&](const nlmsghdr* message) {
    if (static_cast<const ndmsg*>(mnl_nlmsg_get_payload(message))->ndm_ifindex != device_index_) return;
    if (const auto address = our_address(message)) ours.push_back(*address);
  }));
  const auto flush = [&]() -> Result<> {
    TRY(socket_->send(batch.bytes()));
    batch.clear();
    return socket_->take_failures(ENOENT);
  };
  for (const auto& address : ours) {
    auto* message = batch.begin(RTM_DELNEIGH, 0);
    put_neighbour(message, device_index_, address, 0);
    batch.end(message);
    if (batch.is_full()) TRY(flush());
  }
  if (!batch.bytes().empty()) TRY(flush());
  return ours.size();
}

}  // namespace weft::prober
