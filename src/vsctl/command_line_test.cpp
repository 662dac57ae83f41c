#include "vsctl/command_line.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "vsctl/command_table.hpp"
#include "vsctl/completion.hpp"
#include "vsctl/help.hpp"

namespace weft::vsctl {
namespace {

using Words = std::vector<std::string>;

// The commands understood, as "name option=value ... argument ...; ..."; or the error.
std::string understood(const Words& words) {
  const auto options = parse_options(words);
  if (!options) return "error: " + options.error().details;
  const auto commands = parse_commands(options->first_command_options, options->rest);
  if (!commands) return "error: " + commands.error().details;
  std::string text;
  for (const auto& command : *commands) {
    text += std::string(command.syntax->name);
    for (const auto& [name, value] : command.options) text += " " + name + (value.empty() ? "" : "=" + value);
    for (const auto& argument : command.arguments) text += " " + argument;
    text += ";";
  }
  return text;
}

TEST(CommandLine, cuts_at_double_dashes_and_ignores_empty_pieces) {
  EXPECT_EQ(understood({"list-br"}), "list-br;");
  EXPECT_EQ(understood({"--", "list-br", "--", "--", "--may-exist", "add-br", "br0", "--"}),
            "list-br;add-br --may-exist br0;");
}

TEST(CommandLine, gives_options_before_the_first_command_to_it_even_abbreviated) {
  EXPECT_EQ(understood({"--if", "--timeout=5", "del-br", "br0"}), "del-br --if-exists br0;");
  EXPECT_EQ(understood({"--no-heading", "--col=_uuid", "find", "qos"}), "find --columns=_uuid qos;");
  EXPECT_EQ(understood({"--", "--if", "del-br", "br0"}), "error: 'del-br' command has no '--if' option");
}

TEST(CommandLine, an_ambiguous_or_unknown_option_is_named_with_what_it_could_be) {
  EXPECT_TRUE(
      understood({"--no", "list-br"}).starts_with("error: option '--no' is ambiguous; possibilities: '--no-wait'"));
  EXPECT_EQ(understood({"--xyz", "list-br"}), "error: unrecognized option '--xyz'");
  EXPECT_EQ(understood({"-x", "list-br"}), "error: invalid option -- 'x'");
  EXPECT_EQ(understood({"--bare=3", "list-br"}), "error: option '--bare' doesn't allow an argument");
  EXPECT_EQ(understood({"--db"}), "error: option '--db' requires an argument");
}

TEST(CommandLine, options_behind_a_command_are_arguments) {
  EXPECT_EQ(understood({"list-br", "--real"}),
            "error: 'list-br' command takes at most 0 arguments (note that options must precede command names and "
            "follow a \"--\" argument)");
  EXPECT_EQ(understood({"remove", "interface", "p", "cfm_remote_mpids", "-1"}),
            "remove interface p cfm_remote_mpids -1;");
}

TEST(CommandLine, a_timeout_is_a_positive_number_of_seconds) {
  for (const auto* bad : {"0", "-1", "x", "5.5", "", "99999999999"}) {
    EXPECT_FALSE(parse_options(Words{std::string("--timeout=") + bad})) << bad;
  }
  EXPECT_EQ(parse_options(Words{"-t5"})->options.timeout_seconds, 5u);
}

TEST(CommandLine, reads_all_output_options) {
  const auto parsed = parse_options(Words{"--bare", "--oneline", "--dry-run", "--no-wait", "--retry", "--db=tcp:h:1"});
  ASSERT_TRUE(parsed);
  const auto& options = parsed->options;
  EXPECT_TRUE(options.oneline && options.dry_run && options.retry && !options.wait_for_switch);
  EXPECT_EQ(options.remote, "tcp:h:1");
  EXPECT_EQ(options.style.data, DataStyle::bare);
  EXPECT_FALSE(options.style.headings);
  EXPECT_EQ(parse_options(Words{"-fjson", "-d", "string"})->options.style.format, TableFormat::json);
  EXPECT_FALSE(parse_options(Words{"-f", "xml"}));
}

TEST(CommandLine, accepts_the_logging_and_ssl_options_of_open_vswitch) {
  EXPECT_EQ(understood({"-v", "-vinfo", "--verbose=off", "--log-file", "--log-file=x", "--no-syslog", "-p", "k", "-c",
                        "c", "-C", "ca", "--syslog-method=null", "list-br"}),
            "list-br;");
}

TEST(CommandLine, takes_the_defaults_of_the_environment) {
  ::setenv("OVS_RUNDIR", "/run/x", 1);
  ::setenv("OVS_CTL_TIMEOUT", "7", 1);
  const auto parsed = parse_options(Words{"list-br"});
  ::unsetenv("OVS_RUNDIR");
  ::unsetenv("OVS_CTL_TIMEOUT");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->options.remote, "unix:/run/x/db.sock");
  EXPECT_EQ(parsed->options.timeout_seconds, 7u);
}

TEST(CommandLine, more_commands_than_the_limit_are_refused) {
  Words words;
  for (std::size_t i = 0; i < max_commands; ++i) words.insert(words.end(), {"init", "--"});
  EXPECT_TRUE(parse_commands({}, words));
  words.emplace_back("init");
  const auto refused = parse_commands({}, words);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().details, "more than 10000 commands in one line");
}

TEST(CommandLine, text_that_is_no_utf8_is_refused_with_its_place) {
  EXPECT_EQ(understood({"add-br", "\xff"}), "error: argument 1 of 'add-br' is not valid UTF-8 text");
}

TEST(CommandLine, the_table_names_each_command_once_and_help_shows_them_all) {
  const auto help = help_text();
  for (const auto& command : all_commands()) {
    EXPECT_EQ(find_command(command.name), &command) << command.name;
    EXPECT_TRUE(help.contains("  " + std::string(command.name)) || help.contains("] " + std::string(command.name)))
        << command.name;
    EXPECT_LE(command.min_arguments, command.max_arguments) << command.name;
  }
}

TEST(CommandLine, help_fits_into_80_columns) {
  const auto help = help_text();
  for (std::string_view rest = help; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
    EXPECT_LE(rest.find('\n'), 80u) << rest.substr(0, rest.find('\n'));
  }
}

TEST(CommandLine, completion_is_told_how_often_each_argument_may_stand) {
  const auto text = commands_text();
  EXPECT_TRUE(text.contains("\n[--if-exists] [--columns=] ,list,!TABLE *RECORD\n")) << text;
  EXPECT_TRUE(text.contains("\n,br-set-external-id,!BRIDGE !KEY ?VALUE\n")) << text;
  EXPECT_TRUE(options_text().contains("\n--timeout=ARG\n-t ARG\n")) << options_text();
}

TEST(CommandLine, help_writes_arguments_as_people_read_them) {
  EXPECT_EQ(readable_arguments(*find_command("find")), "TABLE [COL[:KEY]=VALUE]...");
  EXPECT_EQ(readable_arguments(*find_command("add")), "TABLE RECORD COL [KEY=]VALUE...");
  EXPECT_EQ(readable_arguments(*find_command("del-port")), "[BRIDGE] PORT|IFACE");
}

TEST(CommandLine, the_version_begins_as_callers_parse_it) {
  EXPECT_TRUE(version_text().starts_with("ovs-vsctl (Open vSwitch) 3.1.0"));
}

}  // namespace
}  // namespace weft::vsctl
