// What labs ask of the host on which their file is.
#include "doctor/lab_question.hpp"

#include <gtest/gtest.h>

namespace weft::doctor {
namespace {

topology::Topology lab_with_group() {
  topology::Topology lab;
  lab.hosts = {{.name = "host1"}, {.name = "host2"}};
  lab.networks = {{.name = "lu", .tunnel = topology::Tunnel{.udp_port = 4790, .group = IpAddress::parse("239.1.2.3")}}};
  return lab;
}

TEST(LabQuestion, of_simulated_hosts_is_not_about_the_underlay) {
  const auto question = question_of(lab_with_group(), {});
  EXPECT_FALSE(question.wants_underlay);
  EXPECT_FALSE(question.wants_ssh);
  EXPECT_FALSE(question.wants_machines);
  EXPECT_EQ(question.udp_port, 4790);
}

TEST(LabQuestion, of_hosts_elsewhere_names_them_and_wants_ssh) {
  auto lab = lab_with_group();
  lab.hosts[1].ssh = "root@10.0.0.2";
  const auto question = question_of(lab, {});
  EXPECT_TRUE(question.wants_underlay && question.wants_ssh);
  EXPECT_EQ(question.remote_hosts, std::vector<std::string>{"root@10.0.0.2"});
  EXPECT_EQ(question.group, IpAddress::parse("239.1.2.3"));
}

TEST(LabQuestion, wants_what_the_endpoints_are_made_of) {
  auto lab = lab_with_group();
  lab.containers = {{.name = "c1", .image = "debian:12"}};
  lab.machines = {{.name = "vm1"}};
  const auto question = question_of(lab, {});
  EXPECT_TRUE(question.wants_images && question.wants_machines);
}

TEST(LabQuestion, leaves_what_the_command_line_says) {
  const auto group = IpAddress::parse("239.9.9.9");
  EXPECT_EQ(question_of(lab_with_group(), {.group = group}).group, group);
}

}  // namespace
}  // namespace weft::doctor
