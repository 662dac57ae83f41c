#include "ovsdb/atom.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace weft::ovsdb {
namespace {

constexpr char some_uuid[] = "550e8400-e29b-41d4-a716-446655440000";

std::string error_of(AtomType type, const json::value& value) {
  const auto atom = atom_from_json(type, value);
  return atom ? "no error" : atom.error().tag + ": " + atom.error().details;
}

TEST(Atom, of_each_type_survives_json) {
  const std::vector<Atom> atoms = {std::numeric_limits<std::int64_t>::min(), 0.25, true, std::string("grüße"),
                                   *Uuid::parse(some_uuid)};
  for (const auto& atom : atoms) EXPECT_EQ(atom_from_json(type_of(atom), to_json(atom)).value(), atom);
}

TEST(Atom, integer_may_be_written_as_a_whole_real) {
  EXPECT_EQ(atom_from_json(AtomType::integer, 1e3).value(), Atom(std::int64_t{1000}));
  EXPECT_EQ(error_of(AtomType::integer, 1.5), "syntax error: expected integer");
  EXPECT_EQ(error_of(AtomType::integer, 9223372036854775808.0), "syntax error: expected integer");
}

TEST(Atom, real_may_be_written_as_an_integer) {
  EXPECT_EQ(atom_from_json(AtomType::real, 3).value(), Atom(3.0));
  EXPECT_EQ(error_of(AtomType::real, "3"), "syntax error: expected real");
}

TEST(Atom, string_with_a_nul_is_refused) {
  EXPECT_EQ(error_of(AtomType::string, json::value(std::string_view("a\0b", 3))),
            "syntax error: expected string without a NUL character");
}

TEST(Atom, uuid_is_a_tagged_pair) {
  EXPECT_EQ(error_of(AtomType::uuid, some_uuid), "syntax error: expected [\"uuid\", <string>]");
  EXPECT_EQ(error_of(AtomType::uuid, json::array{"uuid", "550e"}), "syntax error: \"550e\" is not a valid UUID");
}

TEST(Atom, named_uuid_is_asked_of_the_transaction) {
  const NamedUuids named = [](std::string_view name) -> Result<Uuid> {
    if (name == "row1") return *Uuid::parse(some_uuid);
    return fail("syntax error", "unknown name");
  };
  EXPECT_EQ(atom_from_json(AtomType::uuid, json::array{"named-uuid", "row1"}, named).value(),
            Atom(*Uuid::parse(some_uuid)));
  EXPECT_FALSE(atom_from_json(AtomType::uuid, json::array{"named-uuid", "row2"}, named));
  EXPECT_FALSE(atom_from_json(AtomType::uuid, json::array{"named-uuid", "row1"}));
}

TEST(AtomType, has_its_name_of_the_rfc) {
  for (const auto* name : {"integer", "real", "boolean", "string", "uuid"}) {
    EXPECT_EQ(name_of(*parse_atom_type(name)), name);
    EXPECT_EQ(type_of(default_atom(*parse_atom_type(name))), *parse_atom_type(name));
  }
  EXPECT_EQ(parse_atom_type("float").error().details, "\"float\" is not an atomic-type");
}

}  // namespace
}  // namespace weft::ovsdb
