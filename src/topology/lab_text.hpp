// Labs for tests, as text.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "topology/read_lab.hpp"

namespace weft::topology {

// A file system with nothing in it.
inline Result<std::string> no_file(const std::string& path) {
  return fail("lab file", path + ": No such file or directory");
}

inline Result<Topology> try_read(const std::string& text, const KnownAddresses& known = {}) {
  return read_text(text, "lab.yaml", no_file, known);
}

inline Topology must_read(const std::string& text, const KnownAddresses& known = {}) {
  auto lab = try_read(text, known);
  EXPECT_TRUE(lab) << lab.error().details;
  return lab ? *std::move(lab) : Topology{};
}

// The complaints of a file that must not be read.
inline std::string complaints_of(const std::string& text) {
  const auto lab = try_read(text);
  EXPECT_FALSE(lab) << text;
  return lab ? std::string() : lab.error().details;
}

// Two hosts and a network, to which a test adds.
inline const std::string two_hosts =
    "hosts: [host1, host2]\n"
    "networks:\n"
    "  net0: {vni: 100, group: 239.0.0.1, subnet: 192.168.100.0/24}\n";

}  // namespace weft::topology
