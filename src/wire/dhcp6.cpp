#include "wire/dhcp6.hpp"

#include <algorithm>

namespace weft {
namespace {

enum class Option : std::uint16_t {
  client_id = 1,
  server_id = 2,
  ia_na = 3,
  ia_address = 5,
  status = 13,
  rapid_commit = 14,
  dns = 23,
  domain_list = 24,
};

constexpr std::uint32_t transaction_mask = 0xffffff;
constexpr std::size_t longest_label = 63;

// --- writing ----------------------------------------------------------------------------------------------------

// `write` appends the option's value.
template <class Write>
void put(Option option, WireWriter& out, Write write) {
  out.u16(static_cast<std::uint16_t>(option));
  const auto place = out.size();
  out.u16(0);
  write();
  out.set_u16(place, static_cast<std::uint16_t>(out.size() - place - 2));
}

void put_status(const Dhcp6Status& status, WireWriter& out) {
  put(Option::status, out, [&] {
    out.u16(static_cast<std::uint16_t>(status.code));
    out.bytes({reinterpret_cast<const std::uint8_t*>(status.text.data()), status.text.size()});
  });
}

void put_association(const Dhcp6Association& association, WireWriter& out) {
  put(Option::ia_na, out, [&] {
    out.u32(association.id);
    out.u32(association.renew_s);
    out.u32(association.rebind_s);
    for (const auto& [address, preferred_s, valid_s] : association.addresses) {
      put(Option::ia_address, out, [&] {
        out.bytes(address.mapped());
        out.u32(preferred_s);
        out.u32(valid_s);
      });
    }
    if (association.status) put_status(*association.status, out);
  });
}

// RFC 1035 section 3.1.
void put_domain(std::string_view domain, WireWriter& out) {
  while (!domain.empty()) {
    const auto label = domain.substr(0, domain.find('.'));
    out.u8(static_cast<std::uint8_t>(std::min(label.size(), longest_label)));
    out.bytes({reinterpret_cast<const std::uint8_t*>(label.data()), std::min(label.size(), longest_label)});
    domain.remove_prefix(std::min(label.size() + 1, domain.size()));
  }
  out.u8(0);
}

// --- reading ----------------------------------------------------------------------------------------------------

// Calls read(option, its value) for each; false: one is cut off, or read() has had enough.
template <class Read>
bool read_options(WireReader& in, Read read) {
  while (!in.rest().empty()) {
    const auto option = static_cast<Option>(in.u16());
    const auto value = in.take(in.u16());
    if (!in.is_whole() || !read(option, WireReader(value))) return false;
  }
  return true;
}

std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

bool read_status(WireReader in, std::optional<Dhcp6Status>& status) {
  const auto code = static_cast<Dhcp6Code>(in.u16());
  status = Dhcp6Status{.code = code, .text = text_of(in.rest())};
  return in.is_whole();
}

bool read_address(WireReader in, Dhcp6Association& association) {
  Dhcp6Address address;
  address.address = IpAddress(in.array<16>());
  address.preferred_s = in.u32();
  address.valid_s = in.u32();
  association.addresses.push_back(address);
  return in.is_whole() && !address.address.is_v4() && association.addresses.size() <= most_dhcp6_addresses;
}

bool read_association(WireReader in, Dhcp6Message& message) {
  Dhcp6Association association;
  association.id = in.u32();
  association.renew_s = in.u32();
  association.rebind_s = in.u32();
  const bool is_read = in.is_whole() && read_options(in, [&](Option option, WireReader value) {
                         if (option == Option::ia_address) return read_address(value, association);
                         if (option == Option::status) return read_status(value, association.status);
                         return true;
                       });
  message.associations.push_back(std::move(association));
  return is_read && message.associations.size() <= most_dhcp6_associations;
}

bool read_duid(WireReader in, Bytes& duid) {
  duid.assign(in.rest().begin(), in.rest().end());
  return !duid.empty() && duid.size() <= longest_duid;
}

bool read_dns(WireReader in, std::vector<IpAddress>& dns) {
  while (!in.rest().empty()) dns.emplace_back(in.array<16>());
  return in.is_whole();
}

// The first of the list. A label with a dot or longer than there can be is no domain.
bool read_domain(WireReader in, std::string& domain) {
  domain.clear();
  for (auto length = in.u8(); length != 0; length = in.u8()) {
    const auto label = text_of(in.take(length));
    if (!in.is_whole() || length > longest_label || label.find('.') != std::string::npos) return false;
    if (!domain.empty()) domain += '.';
    domain += label;
  }
  return in.is_whole();
}

}  // namespace

Bytes encode(const Dhcp6Message& message) {
  WireWriter out;
  out.u32(std::uint32_t{static_cast<std::uint8_t>(message.type)} << 24 | (message.transaction & transaction_mask));
  if (!message.client_id.empty()) put(Option::client_id, out, [&] { out.bytes(message.client_id); });
  if (!message.server_id.empty()) put(Option::server_id, out, [&] { out.bytes(message.server_id); });
  for (const auto& association : message.associations) put_association(association, out);
  if (message.has_rapid_commit) put(Option::rapid_commit, out, [] {});
  if (message.status) put_status(*message.status, out);
  if (!message.dns.empty()) {
    put(Option::dns, out, [&] {
      for (const auto& server : message.dns) out.bytes(server.mapped());
    });
  }
  if (!message.domain.empty()) put(Option::domain_list, out, [&] { put_domain(message.domain, out); });
  return out.take();
}

std::optional<Dhcp6Message> decode_dhcp6(ByteView bytes) {
  WireReader in(bytes);
  Dhcp6Message message;
  const auto first = in.u32();
  message.type = static_cast<Dhcp6Type>(first >> 24);
  message.transaction = first & transaction_mask;
  if (message.type < Dhcp6Type::solicit || message.type > Dhcp6Type::information_request) return std::nullopt;
  const bool is_read = in.is_whole() && read_options(in, [&](Option option, WireReader value) {
                         switch (option) {
                           case Option::client_id:
                             return read_duid(value, message.client_id);
                           case Option::server_id:
                             return read_duid(value, message.server_id);
                           case Option::ia_na:
                             return read_association(value, message);
                           case Option::status:
                             return read_status(value, message.status);
                           case Option::dns:
                             return read_dns(value, message.dns);
                           case Option::domain_list:
                             return read_domain(value, message.domain);
                           case Option::rapid_commit:
                             message.has_rapid_commit = true;
                             return true;
                           case Option::ia_address:  // Stands in an association only.
                             break;
                         }
                         return true;
                       });
  if (!is_read) return std::nullopt;
  return message;
}

}  // namespace weft
