#include "topology/json_schema.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/json.hpp"
#include "topology/key_check.hpp"
#include "topology/yaml_tree.hpp"

namespace weft::topology {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// WEFT_WRITE_SCHEMA=1 writes the file anew.
TEST(LabSchema, is_what_the_file_for_editors_has) {
  if (std::getenv("WEFT_WRITE_SCHEMA") != nullptr) std::ofstream(SCHEMA_FILE) << lab_schema();
  EXPECT_TRUE(text_of(SCHEMA_FILE) == lab_schema())
      << "the table of keys has changed; run this test with WEFT_WRITE_SCHEMA=1";
}

// What the schema says of the same documents is told by tests/topology/schema_test.py.
TEST(LabSchema, and_the_parser_judge_the_same_documents_alike) {
  const auto documents = parse_json(text_of(AGREEMENT_FILE));
  ASSERT_TRUE(documents) << documents.error().details;
  for (const bool is_accepted : {true, false}) {
    for (const auto& document : documents->at(is_accepted ? "accepted" : "refused").as_array()) {
      const auto text = to_text(document);  // YAML has JSON in it.
      const auto tree = read_yaml(text, "lab");
      ASSERT_TRUE(tree) << tree.error().details;
      Complaints complaints("lab");
      check_keys(**tree, complaints);
      EXPECT_EQ(complaints.empty(), is_accepted) << text << "\n" << complaints.error().details;
    }
  }
}

}  // namespace
}  // namespace weft::topology
