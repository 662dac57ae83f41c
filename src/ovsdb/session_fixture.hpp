// For tests: a service with one database, a clock that stands still, and clients without sockets.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "ovsdb/service.hpp"
#include "ovsdb/session.hpp"
#include "ovsdb/test_schema.hpp"

namespace weft::ovsdb::session_fixture {

using test_schema::schema;

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    service.add_database(database);
    service.on_retry_due([this] { ++retries_due; });
  }

  std::chrono::steady_clock::time_point now{};
  int retries_due = 0;
  Database database{schema(), nullptr};
  Service service{[this] { return now; }};
};

class Client {
 public:
  explicit Client(Service& service)
      : session_(std::make_unique<Session>(
            service, [this](std::string message) { sent_.push_back(std::move(message)); },
            [this](std::string_view why) { ended_ = why; }, [this] { return is_behind_; })) {}

  void leave() { session_.reset(); }
  // Why the server ended the connection; empty: it did not.
  const std::string& ended() const { return ended_; }
  Result<> send(std::string_view text) { return session_->receive(parse_json(text).value()); }
  // Sends a request whose id is `id`; what came meanwhile stays in heard().
  void ask(std::string_view method, std::string_view params, std::string_view id = "1") {
    EXPECT_TRUE(send(fmt::format(R"({{"method":"{}","params":{},"id":{}}})", method, params, id)));
  }
  // The result of a request, or its error, as text.
  std::string result(std::string_view method, std::string_view params) {
    ask(method, params);
    const auto reply = parse_json(sent_.back()).value();
    sent_.pop_back();
    return to_text(reply.at("error").is_null() ? reply.at("result") : reply.at("error"));
  }
  // The "error" member of the error that a request is answered with.
  std::string refusal(std::string_view method, std::string_view params) {
    const auto error = parse_json(result(method, params)).value();
    return error.is_object() && error.get_object().contains("error") ? std::string(error.at("error").as_string())
                                                                     : to_text(error);
  }
  void fall_behind() { is_behind_ = true; }
  void catch_up() {
    is_behind_ = false;
    session_->catch_up();
  }
  std::vector<std::string> heard() { return std::exchange(sent_, {}); }

 private:
  std::vector<std::string> sent_;
  bool is_behind_ = false;
  std::string ended_;
  std::unique_ptr<Session> session_;
};

using Texts = std::vector<std::string>;

}  // namespace weft::ovsdb::session_fixture
