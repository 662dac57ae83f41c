#include "jsonrpc/message_log.hpp"

namespace weft::jsonrpc {
namespace {

std::string line(std::string_view text) { return describe_message("send", parse_json(text).value()); }

TEST(MessageLog, names_the_kind_of_a_message_and_the_members_that_it_has) {
  EXPECT_EQ(line(R"({"id":1,"method":"transact","params":["db",{"op":"select"}]})"),
            R"(send request, method="transact", params=["db",{"op":"select"}], id=1)");
  EXPECT_EQ(line(R"({"id":null,"method":"update","params":[]})"), R"(send notification, method="update", params=[])");
  EXPECT_EQ(line(R"({"id":"x","result":{},"error":null})"), R"(send reply, result={}, id="x")");
  EXPECT_EQ(line(R"({"id":0,"result":null,"error":"canceled"})"), R"(send reply, error="canceled", id=0)");
  EXPECT_EQ(line("[1]"), "send [1]");
}

TEST(MessageLog, cuts_off_what_would_fill_the_log) {
  const auto text = line(fmt::format(R"({{"id":1,"method":"m","params":["{}"]}})", std::string(max_logged_bytes, 'x')));
  EXPECT_EQ(text.size(), max_logged_bytes + 3);
  EXPECT_TRUE(text.ends_with("xxx..."));
}

}  // namespace
}  // namespace weft::jsonrpc
