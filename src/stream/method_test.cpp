#include "stream/method.hpp"

#include <gtest/gtest.h>

#include "base/directories.hpp"

namespace weft::stream {
namespace {

using Transport = Method::Transport;

Method tcp(Transport transport, bool is_passive, std::string host, std::uint16_t port) {
  return {.transport = transport, .is_passive = is_passive, .path = "", .host = std::move(host), .port = port};
}

TEST(Method, names_a_host_and_a_port_or_the_default_port) {
  EXPECT_EQ(parse_method("tcp:127.0.0.1:6653"), tcp(Transport::tcp, false, "127.0.0.1", 6653));
  EXPECT_EQ(parse_method("tcp:host.example"), tcp(Transport::tcp, false, "host.example", 6640));
  EXPECT_EQ(parse_method("ssl:[::1]:1"), tcp(Transport::tls, false, "::1", 1));
  EXPECT_EQ(parse_method("ssl:[fe80::1%eth0]"), tcp(Transport::tls, false, "fe80::1%eth0", 6640));
}

TEST(Method, names_a_port_and_an_address_to_listen_at) {
  EXPECT_EQ(parse_method("ptcp:"), tcp(Transport::tcp, true, "", 6640));
  EXPECT_EQ(parse_method("ptcp:0"), tcp(Transport::tcp, true, "", 0));
  EXPECT_EQ(parse_method("ptcp::127.0.0.1"), tcp(Transport::tcp, true, "127.0.0.1", 6640));
  EXPECT_EQ(parse_method("pssl:6641:[::]"), tcp(Transport::tls, true, "::", 6641));
}

TEST(Method, takes_a_relative_socket_to_be_in_the_run_directory) {
  EXPECT_EQ(parse_method("unix:/a:b")->path, "/a:b");
  const auto relative = parse_method("punix:db.sock");
  ASSERT_TRUE(relative);
  EXPECT_TRUE(relative->is_passive);
  EXPECT_EQ(relative->path, run_directory() + "/db.sock");
}

TEST(Method, is_refused_with_the_form_it_should_have) {
  for (const auto* text : {"", "db.sock", "foo:bar", "unix:", "punix:", "tcp:", "tcp:[::1", "tcp:[::1]6640",
                           "tcp::6640", "tcp:host:0", "tcp:host:x", "tcp:host:65536", "tcp:host:1:2", "ptcp:x",
                           "ptcp:-1", "pssl:1:[::1", "pssl:1:[::1]:2", "ptcp:1:a:b"}) {
    const auto method = parse_method(text);
    ASSERT_FALSE(method) << text;
    EXPECT_EQ(method.error().tag, "invalid address");
    EXPECT_NE(method.error().details.find("expected"), std::string::npos) << method.error().details;
  }
}

TEST(Method, needs_probes_only_where_a_peer_may_vanish_without_a_word) {
  EXPECT_TRUE(parse_method("ptcp:0")->needs_probes());
  EXPECT_TRUE(parse_method("ssl:h")->needs_probes());
  EXPECT_FALSE(parse_method("punix:s")->needs_probes());
}

}  // namespace
}  // namespace weft::stream
