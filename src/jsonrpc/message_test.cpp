#include "jsonrpc/message.hpp"

namespace weft::jsonrpc {
namespace {

Result<Message> parse(std::string_view text) { return parse_message(*parse_json(text)); }

TEST(Message, tells_requests_notifications_and_replies_apart) {
  const auto request = parse(R"({"method":"echo","params":[1],"id":{"any":"value"}})");
  ASSERT_TRUE(request && std::holds_alternative<Request>(*request));
  EXPECT_EQ(to_text(std::get<Request>(*request).id), R"({"any":"value"})");
  const auto notification = parse(R"({"method":"cancel","params":[1],"id":null})");
  EXPECT_TRUE(notification && std::holds_alternative<Notification>(*notification));
  const auto reply = parse(R"({"result":[],"error":null,"id":0})");
  EXPECT_TRUE(reply && std::holds_alternative<Reply>(*reply));
}

TEST(Message, takes_null_for_a_member_that_does_not_apply) {
  EXPECT_TRUE(parse(R"({"method":"echo","params":[],"id":1,"result":null,"error":null})"));
  EXPECT_TRUE(parse(R"({"method":null,"result":{},"error":null,"id":1})"));
}

TEST(Message, refuses_malformed_messages_and_names_the_member) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {R"({})", "method"},
      {R"({"id":null,"result":[],"error":null})", "id"},
      {R"({"method":5,"params":[],"id":1})", "method"},
      {R"({"method":"echo","id":1})", "params"},
      {R"({"method":"echo","params":5,"id":1})", "params"},
      {R"({"method":"echo","params":[],"id":1,"result":2})", "result"},
      {R"({"method":"echo","params":[],"id":1,"error":2})", "error"},
      {R"({"method":"echo","params":[],"id":1,"extra":2})", "extra"},
      {R"({"id":3,"result":5,"error":6})", "error"},
      {R"([])", "object"},
  };
  for (const auto& [text, named] : cases) {
    const auto result = parse(text);
    ASSERT_FALSE(result) << text;
    EXPECT_NE(result.error().details.find(named), std::string::npos) << text << ": " << result.error().details;
  }
}

TEST(Message, what_is_made_can_be_parsed) {
  EXPECT_TRUE(parse_message(make_request("echo", {}, 1)));
  EXPECT_TRUE(parse_message(make_notification("update", {})));
  EXPECT_TRUE(parse_message(make_reply(json::object(), "id")));
  EXPECT_TRUE(parse_message(make_error_reply("unknown method", "id")));
}

}  // namespace
}  // namespace weft::jsonrpc
