#include "hosts/send_file.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "hosts/ssh.hpp"

namespace weft::hosts {
namespace {

namespace fs = std::filesystem;

// The far end is a shell on this machine: what takes ssh's place runs its last argument.
class SendFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "weft-send-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    write("ssh", "#!/bin/sh\nfor word; do :; done\nexec /bin/sh -c \"$word\"\n");
    fs::permissions(folder_ + "/ssh", fs::perms::owner_all);
    ::setenv(ssh_variable, (folder_ + "/ssh").c_str(), 1);
    if (::geteuid() != 0) GTEST_SKIP() << "the far end would run sudo";
  }
  void TearDown() override {
    ::unsetenv(ssh_variable);
    fs::remove_all(folder_);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << text;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  int send(const std::string& file, const std::string& path) const {
    write("script", send_script(folder_ + "/" + file, "root@far", folder_ + "/" + path));
    return std::system(("/bin/sh " + folder_ + "/script 2>" + folder_ + "/errors").c_str());
  }
  std::string folder_;
};

TEST_F(SendFile, makes_the_folder_and_leaves_nothing_but_the_file) {
  const std::string text("bytes\0of all kinds\n\n\xff", 20);
  write("image", text);
  ASSERT_EQ(send("image", "far/images/it's"), 0) << read("errors");
  EXPECT_EQ(read("far/images/it's"), text);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ + "/far/images"), {}), 1);
}

TEST_F(SendFile, leaves_the_same_contents_alone_and_replaces_others) {
  write("image", "one");
  ASSERT_EQ(send("image", "far/image"), 0) << read("errors");
  const auto then = fs::file_time_type::clock::now() - std::chrono::hours(1);
  fs::last_write_time(folder_ + "/far/image", then);
  ASSERT_EQ(send("image", "far/image"), 0) << read("errors");
  EXPECT_EQ(fs::last_write_time(folder_ + "/far/image"), then);
  write("image", "two");
  ASSERT_EQ(send("image", "far/image"), 0) << read("errors");
  EXPECT_EQ(read("far/image"), "two");
}

TEST_F(SendFile, says_that_there_is_no_image) {
  EXPECT_NE(send("nothing", "far/image"), 0);
  EXPECT_EQ(read("errors"), "there is no image " + folder_ + "/nothing\n");
  EXPECT_FALSE(fs::exists(folder_ + "/far"));
}

}  // namespace
}  // namespace weft::hosts
