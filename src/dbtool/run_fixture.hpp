// For tests: a directory for files, and the program run on them.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "dbtool/dbtool.hpp"

namespace weft::dbtool {

inline constexpr std::string_view schema_text = R"({"name": "T", "version": "1.2.3", "cksum": "12 34", "tables": {
  "A": {"isRoot": true, "columns": {
    "name": {"type": "string"},
    "level": {"type": {"key": "integer", "min": 0, "max": 1}},
    "numbers": {"type": {"key": "integer", "min": 0, "max": "unlimited"}},
    "words": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}},
    "part": {"type": {"key": {"type": "uuid", "refTable": "B"}, "min": 0, "max": 1}}}},
  "B": {"columns": {"x": {"type": "string"}}}}})";

struct Finished {
  int status;
  std::string output;
  std::string error;
};

class RunFixture : public testing::Test {
 protected:
  RunFixture() {
    char name[] = "/tmp/weft-dbtool-test-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~RunFixture() override { std::filesystem::remove_all(directory_); }

  const std::string& directory() const { return directory_; }
  std::string file(const std::string& name) const { return directory_ + "/" + name; }
  std::string read(const std::string& name) const {
    std::stringstream text;
    text << std::ifstream(file(name), std::ios::binary).rdbuf();
    return text.str();
  }
  void write(const std::string& name, std::string_view content) const {
    std::ofstream(file(name), std::ios::binary) << content;
  }

  static Finished tool(const std::vector<std::string>& arguments) {
    char* texts[2] = {};
    std::size_t sizes[2] = {};
    std::FILE* out = ::open_memstream(&texts[0], &sizes[0]);
    std::FILE* err = ::open_memstream(&texts[1], &sizes[1]);
    const int status = run(arguments, out, err);
    std::fclose(out);
    std::fclose(err);
    Finished finished{status, texts[0], texts[1]};
    for (auto* text : texts) std::free(text);
    return finished;
  }

 private:
  std::string directory_;
};

}  // namespace weft::dbtool
