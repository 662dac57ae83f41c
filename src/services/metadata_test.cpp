#include "services/metadata.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "services/test_network.hpp"

namespace weft::services {
namespace {

Instance sample() {
  return {.id = "i-1",
          .hostname = "vm1",
          .domain = "lab",
          .mac = mac(1),
          .address4 = ip("192.168.100.11"),
          .has_dhcp4 = true,
          .has_slaac = true,
          .mtu_bytes = 1450,
          .dns = {ip("192.168.100.2")},
          .ssh_keys = {"ssh-ed25519 AAAA a", "ssh-rsa BBBB b"},
          .user_data = "#!/bin/sh\n"};
}
MetadataAnswer get(std::string_view target, const Instance& instance = sample()) {
  return answer_metadata("GET", target, instance);
}
std::string body(std::string_view target) { return get(target).body; }

TEST(Metadata, answers_ec2s_paths) {
  EXPECT_EQ(body("/latest/meta-data/instance-id"), "i-1");
  EXPECT_EQ(body("/2009-04-04/meta-data/instance-id"), "i-1");
  EXPECT_EQ(body("/1.0/meta-data/hostname"), "vm1.lab");
  EXPECT_EQ(body("/latest/meta-data/local-hostname"), "vm1.lab");
  EXPECT_EQ(body("/latest/meta-data/local-ipv4"), "192.168.100.11");
  EXPECT_EQ(body("/latest/meta-data/mac"), "02:00:00:00:00:01");
  EXPECT_EQ(body("/latest/meta-data/public-keys/1/openssh-key"), "ssh-rsa BBBB b");
  EXPECT_EQ(body("/latest/user-data"), "#!/bin/sh\n");
  EXPECT_EQ(body("//latest//meta-data/mac/?x=1"), "02:00:00:00:00:01");
}

TEST(Metadata, gives_every_instance_an_id_as_ec2_has_them) {
  const Instance of_libvirt{.id = "2d331970-2618-8d7a-a3ef-90e341974bc3", .hostname = "vm1"};
  EXPECT_EQ(get("/2009-04-04/meta-data/instance-id", of_libvirt).body, "i-2d331970-2618-8d7a-a3ef-90e341974bc3");
  const auto openstack = *parse_json(get("/openstack/latest/meta_data.json", of_libvirt).body);
  EXPECT_EQ(openstack.at("uuid").as_string(), of_libvirt.id);
}

TEST(Metadata, lists_what_there_is_as_ec2_does) {
  EXPECT_EQ(body("/latest"), "meta-data\nuser-data");
  EXPECT_EQ(body("/latest/meta-data/"),
            "ami-launch-index\nhostname\ninstance-id\ninstance-type\nlocal-hostname\nlocal-ipv4\nmac\nplacement/"
            "\npublic-keys/");
  EXPECT_EQ(body("/latest/meta-data/public-keys/"), "0=key0\n1=key1");
  EXPECT_EQ(body("/latest/meta-data/public-keys/0"), "openssh-key");
  EXPECT_EQ(body("/latest/meta-data/placement"), "availability-zone");
  EXPECT_NE(body("/").find("latest"), std::string::npos);
}

TEST(Metadata, answers_openstacks_paths) {
  EXPECT_NE(body("/openstack").find("latest"), std::string::npos);
  const auto meta = *parse_json(body("/openstack/latest/meta_data.json"));
  EXPECT_EQ(meta.at("uuid"), "i-1");
  EXPECT_EQ(meta.at("hostname"), "vm1.lab");
  EXPECT_EQ(meta.at("public_keys").at("key0"), "ssh-ed25519 AAAA a");
  const auto network = *parse_json(body("/openstack/2018-08-27/network_data.json"));
  EXPECT_EQ(network.at("links").at(0).at("mtu"), 1450);
  EXPECT_EQ(network.at("networks").as_array().size(), 2U);
  EXPECT_EQ(network.at("networks").at(1).at("type"), "ipv6_slaac");
  EXPECT_EQ(network.at("services").at(0).at("address"), "192.168.100.2");
  EXPECT_EQ(body("/openstack/latest/vendor_data.json"), "{}");
  EXPECT_EQ(body("/openstack/latest/user_data"), "#!/bin/sh\n");
  EXPECT_EQ(get("/openstack/latest/meta_data.json").content_type, "application/json");
}

TEST(Metadata, has_nothing_where_nothing_is_configured) {
  const Instance plain{.id = "i-2", .hostname = "h"};
  EXPECT_EQ(get("/latest/user-data", plain).status, 404);
  EXPECT_EQ(get("/openstack/latest/user_data", plain).status, 404);
  EXPECT_EQ(get("/latest/meta-data/public-keys/", plain).status, 404);
  EXPECT_EQ(get("/latest/meta-data/local-ipv4", plain).status, 404);
  EXPECT_EQ(get("/latest", plain).body, "meta-data");
}

TEST(Metadata, gives_a_token_to_who_wants_one) {
  EXPECT_EQ(answer_metadata("PUT", token_path, sample()).status, 200);
  EXPECT_EQ(answer_metadata("PUT", "/latest/meta-data/mac", sample()).status, 404);
  EXPECT_EQ(answer_metadata("DELETE", "/latest", sample()).status, 405);
}

TEST(Metadata, knows_no_other_paths) {
  for (const auto* path : {"/x", "/latest/x", "/latest/meta-data/../meta-data/mac", "/20090404", "/2009-04-0x/",
                           "/openstack/x", "/openstack/latest/meta_data.json/x", "/latest/user-data/x"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_EQ(get("/" + std::string(longest_metadata_path, 'x')).status, 414);
}

}  // namespace
}  // namespace weft::services
