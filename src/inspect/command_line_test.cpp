#include "inspect/command_line.hpp"

#include <gtest/gtest.h>

#include "inspect/help.hpp"

namespace weft::inspect {
namespace {

Result<Command> parse(std::vector<std::string> arguments) { return parse_command_line(arguments); }
std::string error_of(std::vector<std::string> arguments) {
  const auto command = parse(std::move(arguments));
  return command ? "no error" : command.error().details;
}

TEST(CommandLine, has_commands_with_arguments_and_options_in_any_order) {
  const auto trace = std::get<TraceCommand>(parse({"trace", "--json", "br0", "veth0", "aa > bb"}).value());
  EXPECT_EQ(trace.bridge, "br0");
  EXPECT_EQ(trace.port, "veth0");
  EXPECT_EQ(trace.frame, "aa > bb");
  EXPECT_TRUE(trace.json);
  const auto top = std::get<TopCommand>(parse({"top", "br0", "--by=frames", "--once"}).value());
  EXPECT_EQ(top.where, "br0");
  EXPECT_EQ(top.order, TopOrder::frames);
  EXPECT_TRUE(top.once);
  EXPECT_TRUE(std::get<DropsCommand>(parse({"drops", "--watch"}).value()).watch);
  EXPECT_FALSE(std::get<StatusCommand>(parse({"status"}).value()).json);
}

TEST(CommandLine, helps_with_each_command) {
  EXPECT_TRUE(std::get<Print>(parse({"--help"}).value()).text.starts_with("weft - "));
  for (const auto* command : {"status", "top", "drops", "trace"}) {
    EXPECT_TRUE(std::get<Print>(parse({command, "-h"}).value()).text.starts_with(fmt::format("weft {} - ", command)));
  }
  EXPECT_EQ(std::get<Print>(parse({"-V"}).value()).text, "weft " WEFT_VERSION "\n");
}

TEST(CommandLine, says_what_is_wrong_and_where_to_look) {
  EXPECT_EQ(error_of({"dropps"}), "no command \"dropps\"; did you mean \"drops\"? (weft --help tells them)");
  EXPECT_EQ(error_of({}), "which command? lab, status, top, drops, trace or doctor (weft --help tells more)");
  EXPECT_EQ(error_of({"trace", "br0"}),
            "trace wants BRIDGE PORT FRAME, the frame in quotes (weft trace --help has examples)");
  EXPECT_EQ(error_of({"top", "--by=luck"}),
            "--by: \"luck\" is none of bytes, frames, name (weft top --help tells what there is)");
  EXPECT_TRUE(error_of({"drops", "a", "b"}).contains("(weft drops --help"));
  EXPECT_TRUE(error_of({"status", "--jsn"}).contains("--jsn"));
}

TEST(HelpPage, fits_on_a_screen) {
  for (const auto& page : help_pages()) {
    EXPECT_LE(std::ranges::count(page.text, '\n'), 30) << page.command;
  }
}

}  // namespace
}  // namespace weft::inspect
