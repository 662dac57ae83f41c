#include "ovsdb/member_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ovsdb/atom.hpp"
#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {

Result<MemberReader> MemberReader::open(const json::value& value, std::string_view what) {
  const auto* object = value.if_object();
  if (!object) return fail(syntax_error, fmt::format("{}: expected an object, not {}", what, excerpt(value)));
  return MemberReader(*object, what);
}

const json::value* MemberReader::optional(std::string_view name) {
  const auto* value = object_->if_contains(name);
  if (value && std::ranges::find(found_, name) == found_.end()) found_.push_back(name);
  return value;
}

Result<const json::value*> MemberReader::required(std::string_view name) {
  const auto* value = optional(name);
  if (!value) return fail(syntax_error, fmt::format("{}: the required member \"{}\" is missing", what_, name));
  return value;
}

Result<std::string_view> MemberReader::required_string(std::string_view name) {
  const auto& value = *TRY(required(name));
  if (!value.is_string()) return wrong_type(name, "a string", value);
  return std::string_view(value.get_string());
}

Result<const json::array*> MemberReader::required_array(std::string_view name) {
  const auto& value = *TRY(required(name));
  if (!value.is_array()) return wrong_type(name, "an array", value);
  return &value.get_array();
}

Result<const json::object*> MemberReader::required_object(std::string_view name) {
  const auto& value = *TRY(required(name));
  if (!value.is_object()) return wrong_type(name, "an object", value);
  return &value.get_object();
}

Result<bool> MemberReader::optional_bool(std::string_view name, bool otherwise) {
  const auto* value = optional(name);
  if (!value) return otherwise;
  if (!value->is_bool()) return wrong_type(name, "a boolean", *value);
  return value->get_bool();
}

Result<std::int64_t> MemberReader::optional_integer(std::string_view name, std::int64_t otherwise) {
  const auto* value = optional(name);
  if (!value) return otherwise;
  const auto atom = atom_from_json(AtomType::integer, *value);
  if (!atom) return wrong_type(name, "an integer", *value);
  return std::get<std::int64_t>(*atom);
}

Result<double> MemberReader::optional_real(std::string_view name, double otherwise) {
  const auto* value = optional(name);
  if (!value) return otherwise;
  const auto atom = atom_from_json(AtomType::real, *value);
  if (!atom) return wrong_type(name, "a number", *value);
  return std::get<double>(*atom);
}

Result<std::string_view> MemberReader::optional_string(std::string_view name) {
  const auto* value = optional(name);
  if (!value) return std::string_view();
  if (!value->is_string()) return wrong_type(name, "a string", *value);
  return std::string_view(value->get_string());
}

Result<> MemberReader::finish() const {
  if (found_.size() == object_->size()) return {};
  for (const auto& member : *object_) {
    if (std::ranges::find(found_, std::string_view(member.key())) == found_.end()) {
      return fail(syntax_error, fmt::format("{}: the member {} is not allowed here", what_,
                                            excerpt(json::value(std::string_view(member.key())))));
    }
  }
  return {};
}

std::unexpected<Error> MemberReader::wrong_type(std::string_view name, std::string_view expected,
                                                const json::value& value) const {
  return fail(syntax_error, fmt::format("{}: \"{}\" must be {}, not {}", what_, name, expected, excerpt(value)));
}

}  // namespace weft::ovsdb
