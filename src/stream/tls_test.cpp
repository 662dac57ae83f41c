#include "stream/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "stream/stream.hpp"
#include "stream/test_pki.hpp"

namespace weft::stream {
namespace {

// Two ends of one socket, and who each believes.
class TlsTest : public testing::Test {
 protected:
  TlsSettings settings(const std::string& name, const std::string& ca = "ca") {
    TlsSettings result;
    result.private_key = pki_.key(name);
    result.certificate = pki_.certificate(name);
    result.ca_cert = ca == "none" ? ca : pki_.certificate(ca);
    return result;
  }
  void SetUp() override {
    pki_.make_ca("ca");
    pki_.make_ca("strangers-ca");
    pki_.make("server", "ca");
    pki_.make("client", "ca");
    pki_.make("stranger", "strangers-ca");
  }
  void meet(const TlsSettings& client, const TlsSettings& server) {
    client_tls_.configure(client);
    server_tls_.configure(server);
    meet_again();
  }
  void meet_again() {
    int fds[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    client_ = Stream::with_tls(UniqueFd(fds[0]), "client's peer", client_tls_, TlsSide::client);
    server_ = Stream::with_tls(UniqueFd(fds[1]), "server's peer", server_tls_, TlsSide::server);
    ASSERT_TRUE(client_) << client_.error().details;
    ASSERT_TRUE(server_) << server_.error().details;
    client_step_ = server_step_ = {Step::Kind::wants_read};
    for (int i = 0; i < 20; ++i) {
      if (client_step_.must_wait()) client_step_ = client_->open();
      if (server_step_.must_wait()) server_step_ = server_->open();
    }
  }
  bool are_both_open() const { return client_step_.is_done() && server_step_.is_done(); }
  // What the server reads when the client says `text`.
  std::string say(std::string_view text) {
    EXPECT_TRUE(client_->write(text).is_done());
    std::array<char, 100> buffer;
    const auto step = server_->read(buffer);
    return {buffer.data(), step.bytes};
  }

  TestPki pki_;
  Tls client_tls_, server_tls_;
  Result<Stream> client_ = fail("none", ""), server_ = fail("none", "");
  Step client_step_{Step::Kind::failed}, server_step_{Step::Kind::failed};
};

TEST_F(TlsTest, carries_bytes_between_peers_that_know_each_other_s_ca) {
  meet(settings("client"), settings("server"));
  ASSERT_TRUE(are_both_open());
  EXPECT_EQ(say("hello"), "hello");
  EXPECT_EQ(server_->peer_common_name(), "client");
  EXPECT_EQ(client_->peer_common_name(), "server");
}

TEST_F(TlsTest, tells_the_end_of_the_connection) {
  meet(settings("client"), settings("server"));
  ASSERT_TRUE(are_both_open());
  client_ = fail("gone", "");
  std::array<char, 10> buffer;
  EXPECT_EQ(server_->read(buffer).kind, Step::Kind::ended);
}

TEST_F(TlsTest, refuses_a_peer_of_another_ca) {
  meet(settings("stranger"), settings("server"));
  EXPECT_EQ(server_step_.kind, Step::Kind::failed);
  meet(settings("client"), settings("stranger"));
  EXPECT_EQ(client_step_.kind, Step::Kind::failed);
}

TEST_F(TlsTest, takes_any_peer_without_knowing_who_it_is_if_told_so) {
  meet(settings("stranger", "none"), settings("server", "none"));
  ASSERT_TRUE(are_both_open());
  EXPECT_EQ(say("x"), "x");
  EXPECT_EQ(server_->peer_common_name(), "");
}

TEST_F(TlsTest, refuses_what_is_no_handshake) {
  int fds[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
  const UniqueFd other(fds[1]);
  server_tls_.configure(settings("server"));
  auto stream = Stream::with_tls(UniqueFd(fds[0]), "garbage", server_tls_, TlsSide::server);
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->open().kind, Step::Kind::wants_read) << "nothing has come";
  const std::string garbage = R"({"id":1,"method":"list_dbs","params":[]})";
  ASSERT_EQ(::send(other.get(), garbage.data(), garbage.size(), 0), static_cast<ssize_t>(garbage.size()));
  EXPECT_EQ(stream->open().kind, Step::Kind::failed);
}

TEST_F(TlsTest, speaks_only_the_versions_that_are_wanted) {
  auto old = settings("client"), young = settings("server");
  old.versions = *parse_tls_versions("TLSv1.2");
  young.versions = *parse_tls_versions("TLSv1.3");
  meet(old, young);
  EXPECT_FALSE(are_both_open());
  young.versions = *parse_tls_versions("TLSv1.2+");
  meet(old, young);
  EXPECT_TRUE(are_both_open());
}

TEST_F(TlsTest, says_what_lacks_and_which_file_is_at_fault) {
  Tls tls;
  EXPECT_EQ(tls.check().error().tag, "not configured");
  EXPECT_NE(tls.check().error().details.find("Private key, Certificate, CA certificate"), std::string::npos);
  auto wrong = settings("client");
  wrong.private_key = pki_.key("server");
  tls.configure(wrong);
  EXPECT_NE(tls.check().error().details.find(pki_.key("server")), std::string::npos) << tls.check().error().details;
  wrong = settings("client");
  wrong.ciphers = "nonsense";
  tls.configure(wrong);
  EXPECT_EQ(tls.check().error().tag, "TLS");
}

TEST_F(TlsTest, reads_a_certificate_anew_when_its_file_has_changed) {
  meet(settings("client"), settings("server"));
  ASSERT_TRUE(are_both_open());
  pki_.make("renewed", "ca");
  std::filesystem::rename(pki_.key("renewed"), pki_.key("client"));
  std::filesystem::rename(pki_.certificate("renewed"), pki_.certificate("client"));
  meet_again();
  ASSERT_TRUE(are_both_open());
  EXPECT_EQ(server_->peer_common_name(), "renewed");
}

TEST_F(TlsTest, goes_on_with_the_old_certificate_when_the_new_one_is_no_good) {
  meet(settings("client"), settings("server"));
  std::ofstream(pki_.certificate("client")) << "half a certificate";
  meet_again();
  EXPECT_TRUE(are_both_open());
}

TEST_F(TlsTest, keeps_the_ca_of_the_first_peer_and_checks_the_next_by_it) {
  auto client = settings("client");
  client.ca_cert = pki_.certificate("learned-ca");
  client.bootstrap = true;
  auto server = settings("server");
  server.peer_ca_cert = pki_.certificate("ca");
  meet(client, server);
  EXPECT_EQ(client_step_.kind, Step::Kind::failed) << "whom nobody has checked is told nothing";
  EXPECT_TRUE(std::filesystem::exists(client.ca_cert));
  meet_again();
  EXPECT_TRUE(are_both_open());
  EXPECT_EQ(client_->peer_common_name(), "server") << "now it is known";
  auto stranger = settings("stranger");
  stranger.ca_cert = pki_.certificate("ca");
  meet(client, stranger);
  EXPECT_EQ(client_step_.kind, Step::Kind::failed);
}

TEST_F(TlsTest, trusts_no_first_peer_that_does_not_send_its_ca) {
  auto client = settings("client");
  client.ca_cert = pki_.certificate("learned-ca");
  client.bootstrap = true;
  meet(client, settings("server", "strangers-ca"));
  EXPECT_EQ(client_step_.kind, Step::Kind::failed);
  EXPECT_FALSE(std::filesystem::exists(client.ca_cert));
}

TEST(TlsVersions, leave_out_what_is_not_safe) {
  EXPECT_EQ(parse_tls_versions("TLSv1.2"), (TlsVersions{TLS1_2_VERSION, TLS1_2_VERSION}));
  EXPECT_EQ(parse_tls_versions("TLSv1,TLSv1.1 TLSv1.2, TLSv1.3"), (TlsVersions{TLS1_2_VERSION, TLS1_3_VERSION}));
  EXPECT_EQ(parse_tls_versions("TLSv1+"), (TlsVersions{TLS1_2_VERSION, TLS1_3_VERSION}));
  for (const auto* text : {"", "TLSv1.1", "SSLv3", "TLSv1.2,foo"})
    EXPECT_EQ(parse_tls_versions(text).error().tag, "usage") << text;
}

}  // namespace
}  // namespace weft::stream
