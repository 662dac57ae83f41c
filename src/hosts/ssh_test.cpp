#include "hosts/ssh.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace weft::hosts {
namespace {

TEST(Ssh, advises_what_helps_against_what_ssh_said) {
  EXPECT_EQ(ssh_advice("root@10.0.0.2: Permission denied (publickey).", "root@10.0.0.2"),
            "no password is asked for: let your key in with `ssh-copy-id root@10.0.0.2`");
  EXPECT_EQ(ssh_advice("Host key verification failed.\r\n", "h"),
            "its key is not known here, or has changed: run `ssh h` once and accept it");
  EXPECT_EQ(ssh_advice("kex_exchange_identification: read: something new", "h"), "");
}

TEST(Ssh, never_asks_and_does_not_take_a_destination_for_an_option) {
  ::unsetenv(ssh_variable);
  const auto words = ssh_command("-oProxyCommand=evil", "true", Terminal::no);
  EXPECT_EQ(words.front(), "ssh");
  EXPECT_NE(std::ranges::find(words, "BatchMode=yes"), words.end());
  EXPECT_EQ(*(words.end() - 3), "--");
}

TEST(Ssh, is_replaced_by_what_the_environment_names) {
  ::setenv(ssh_variable, "ssh -F 'my config'", 1);
  const auto words = ssh_command("host", "true", Terminal::yes);
  ::unsetenv(ssh_variable);
  EXPECT_EQ(std::vector<std::string>(words.begin(), words.begin() + 5),
            (std::vector<std::string>{"/bin/sh", "-c", "exec ssh -F 'my config' \"$@\"", "ssh", "-t"}));
}

}  // namespace
}  // namespace weft::hosts
