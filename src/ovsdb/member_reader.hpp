// Reads the members of a JSON object by name and notices those that nobody asked for: in OVSDB an unknown member is
// an error, because a misspelt "where" must not mean "all rows".
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/json.hpp"

namespace weft::ovsdb {

// The object and the texts it is given must outlive it. All errors are "syntax error", in Open vSwitch's words.
class MemberReader {
 public:
  // `what` names the object in errors: "table schema for table t".
  static Result<MemberReader> open(const json::value& value, std::string_view what);

  Result<const json::value*> required(std::string_view name);
  const json::value* optional(std::string_view name);  // Null: there is none.

  Result<std::string_view> required_string(std::string_view name);
  Result<std::string_view> required_identifier(std::string_view name);
  Result<const json::array*> required_array(std::string_view name);
  Result<const json::array*> optional_array(std::string_view name);  // Null: there is none.
  Result<const json::object*> required_object(std::string_view name);
  Result<bool> required_bool(std::string_view name);
  Result<bool> optional_bool(std::string_view name, bool otherwise);
  Result<std::int64_t> optional_integer(std::string_view name, std::int64_t otherwise);
  Result<double> optional_real(std::string_view name, double otherwise);
  Result<std::string_view> optional_string(std::string_view name);  // Empty: there is none.

  // Every member has been asked for.
  Result<> finish() const;

  const json::object& object() const { return *object_; }
  // Errors about the object: in these words; as one of reading it; because a member is of no fitting type.
  std::unexpected<Error> fail(const char* tag, std::string details) const;
  std::unexpected<Error> refuse(std::string_view why) const;
  std::unexpected<Error> wrong_type(std::string_view name) const;

 private:
  MemberReader(const json::object& object, std::string_view what) : object_(&object), what_(what) {}

  const json::object* object_;
  std::string_view what_;
  boost::container::small_vector<std::string_view, 8> found_;
};

}  // namespace weft::ovsdb
