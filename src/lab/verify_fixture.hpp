// A lab of four endpoints for the tests of verification: c1 and c2 and the guest vm1 in one network over two hosts, s1
// in another.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <memory>

#include "lab/verify_findings.hpp"

namespace weft::lab {

class VerifyFixture : public testing::Test {
 protected:
  VerifyFixture() {
    for (const auto* name : {"host1", "host2"}) {
      lab_.hosts.push_back(
          {.name = name,
           .underlay = {*InterfaceAddress::parse(lab_.hosts.empty() ? "172.31.0.1/24" : "172.31.0.2/24")}});
    }
    const topology::Tunnel tunnel{.vni = 100, .group = IpAddress::parse("239.0.0.1")};
    lab_.name = "test";
    lab_.networks = {
        {.name = "lan", .bridge = "br0", .tunnel = tunnel, .subnet4 = Subnet::parse("10.0.0.0/24"), .mtu_bytes = 1450},
        {.name = "store", .bridge = "br0", .tunnel = tunnel, .vlan = 10, .mtu_bytes = 1450}};
    add("c1", "host1", "lan", 1);
    add("c2", "host2", "lan", 2);
    add("s1", "host2", "store", 3);
    lab_.machines.push_back({.name = "vm1", .host = "host1", .attachment = place("lan", 4)});
    roll_ = call_roll(lab_);
    findings_ = std::make_unique<Findings>(roll_);
  }

  static MacAddress mac(std::uint8_t number) { return MacAddress({2, 0, 0, 0, 0, number}); }
  static topology::Attachment place(const char* network, std::uint8_t number) {
    return {.network = network,
            .mac = mac(number),
            .address4 = IpAddress(std::array<std::uint8_t, 4>{10, 0, 0, number}),
            .port = fmt::format("veth{}", number)};
  }
  void add(const char* name, const char* host, const char* network, std::uint8_t number) {
    lab_.containers.push_back({.name = name, .host = host, .attachment = place(network, number)});
  }

  Findings& findings() { return *findings_; }
  const topology::Topology& lab() const { return lab_; }
  const Roll& roll() const { return roll_; }
  void note(const prober::Row& row) { findings_->note(row); }
  void note(const prober::Found& found) { findings_->note(found); }
  void note_late(std::uint32_t from, std::uint32_t to) { findings_->note_late(from, to); }

  // A row of each endpoint; blanks are not told, as of a guest.
  void asks(prober::Probe probe, const std::vector<std::string>& rows) {
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      // s1 is in another network: nobody asks it, and it asks nobody.
      auto row = i == 2 ? std::string(4, ' ') : rows[i];
      row[2] = ' ';
      if (row != std::string(4, ' ')) note({probe, i, row});
    }
  }
  void hears_all() {
    note({prober::Probe::flood, 0, " +  "});
    note({prober::Probe::flood, 1, "+   "});
  }

 private:
  topology::Topology lab_;
  Roll roll_;
  std::unique_ptr<Findings> findings_;
};

}  // namespace weft::lab
