#include "jsonrpc/framing.hpp"

namespace weft::jsonrpc {
namespace {

std::vector<std::string> all_messages(MessageReader& reader) {
  std::vector<std::string> texts;
  while (auto message = reader.next()) texts.push_back(to_text(*message));
  return texts;
}

TEST(MessageReader, cuts_a_stream_that_has_no_delimiters) {
  MessageReader reader(100);
  ASSERT_TRUE(reader.feed(R"({"a":1}{"b":"}{"} {"c":[]})"));
  EXPECT_EQ(all_messages(reader), (std::vector<std::string>{R"({"a":1})", R"({"b":"}{"})", R"({"c":[]})"}));
  EXPECT_FALSE(reader.in_message());
}

TEST(MessageReader, gives_the_same_messages_when_bytes_arrive_one_by_one) {
  MessageReader reader(100);
  for (const char byte : std::string_view("{\"a\":{\"b\":1.5}} \n {\"c\":\"\xc3\xa4\"}"))
    ASSERT_TRUE(reader.feed(std::string_view(&byte, 1)));
  EXPECT_EQ(all_messages(reader), (std::vector<std::string>{R"({"a":{"b":1.5}})", "{\"c\":\"\xc3\xa4\"}"}));
}

TEST(MessageReader, reads_a_real_as_it_is_wherever_it_is_cut) {
  const std::string text = R"({"a":5.11111111122622262221122112})";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    MessageReader reader(100);
    ASSERT_TRUE(reader.feed(std::string_view(text).substr(0, cut)));
    ASSERT_TRUE(reader.feed(std::string_view(text).substr(cut)));
    EXPECT_EQ(reader.next()->at("a").as_double(), 5.11111111122622262221122112) << cut;
  }
}

TEST(MessageReader, a_message_outlives_those_that_follow) {
  MessageReader reader(100);
  ASSERT_TRUE(reader.feed(R"({"a":"first"})"));
  const auto first = reader.next();
  ASSERT_TRUE(reader.feed(R"({"a":"second"})"));
  EXPECT_EQ(to_text(*first), R"({"a":"first"})");
}

TEST(MessageReader, refuses_a_message_beyond_its_size_and_takes_one_of_just_that_size) {
  const std::string text = R"({"a":"0123456789"})";
  MessageReader exact(text.size());
  EXPECT_TRUE(exact.feed(text + text));
  EXPECT_EQ(all_messages(exact).size(), 2u);
  MessageReader small(text.size() - 1);
  const auto result = small.feed(text);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().tag, "too large");
}

TEST(MessageReader, refuses_nesting_beyond_its_limit) {
  const auto nested = [](std::size_t depth) {
    return R"({"a":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  MessageReader reader(10'000);
  EXPECT_TRUE(reader.feed(nested(max_json_depth - 1)));
  EXPECT_FALSE(reader.feed(nested(max_json_depth)));
}

TEST(MessageReader, refuses_what_is_not_an_object_and_says_where) {
  for (const std::string text : {"[]", "5 ", "\"x\"", "x", "GET / HTTP/1.1\r\n"}) {
    MessageReader reader(100);
    const auto result = reader.feed("{} " + text);
    ASSERT_FALSE(result) << text;
    EXPECT_NE(result.error().details.find("byte 3"), std::string::npos) << result.error().details;
    EXPECT_TRUE(reader.next()) << "the message before the error is complete";
  }
}

TEST(MessageReader, refuses_bytes_that_are_not_utf_8) {
  MessageReader reader(100);
  EXPECT_FALSE(reader.feed("{\"a\":\"\xff\"}"));
}

TEST(MessageReader, knows_what_messages_take_until_they_are_gone) {
  MessageReader reader(max_request_bytes);
  const std::string text(100'000, 'x');
  ASSERT_TRUE(reader.feed("{\"half\":\"" + text));
  EXPECT_GE(reader.held_bytes(), text.size());
  ASSERT_TRUE(reader.feed("\"}"));
  {
    const auto message = reader.next();
    ASSERT_TRUE(message);
    EXPECT_GE(reader.held_bytes(), text.size());
  }
  EXPECT_LT(reader.held_bytes(), 2 * text.size());  // What a parser keeps for the next one.
}

TEST(MessageReader, holds_nothing_of_messages_that_are_gone) {
  MessageReader reader(max_request_bytes);
  std::size_t held_after_first = 0;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(reader.feed("{\"method\":\"echo\"}"));
    ASSERT_TRUE(reader.next());
    if (i == 0) held_after_first = reader.held_bytes();
  }
  EXPECT_EQ(reader.held_bytes(), held_after_first);
}

}  // namespace
}  // namespace weft::jsonrpc
