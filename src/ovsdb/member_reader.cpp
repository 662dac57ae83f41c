#include "ovsdb/member_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ovsdb/atom.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/identifier.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {

Result<MemberReader> MemberReader::open(const json::value& value, std::string_view what) {
  const auto* object = value.if_object();
  if (!object) return weft::fail(syntax_error, fmt::format("Parsing {} failed: Object expected.", what));
  return MemberReader(*object, what);
}

const json::value* MemberReader::optional(std::string_view name) {
  const auto* value = object_->if_contains(name);
  if (value && std::ranges::find(found_, name) == found_.end()) found_.push_back(name);
  return value;
}

Result<const json::value*> MemberReader::required(std::string_view name) {
  const auto* value = optional(name);
  if (!value) return refuse(fmt::format("Required '{}' member is missing.", name));
  return value;
}

Result<std::string_view> MemberReader::required_string(std::string_view name) {
  TRY(required(name));
  return optional_string(name);
}

Result<std::string_view> MemberReader::required_identifier(std::string_view name) {
  const auto text = TRY(required_string(name));
  if (!is_identifier(text)) return wrong_type(name);
  return text;
}

Result<const json::array*> MemberReader::required_array(std::string_view name) {
  TRY(required(name));
  return optional_array(name);
}

Result<const json::array*> MemberReader::optional_array(std::string_view name) {
  const auto* value = optional(name);
  if (!value) return nullptr;
  if (!value->is_array()) return wrong_type(name);
  return &value->get_array();
}

Result<const json::object*> MemberReader::required_object(std::string_view name) {
  const auto& value = *TRY(required(name));
  if (!value.is_object()) return wrong_type(name);
  return &value.get_object();
}

Result<bool> MemberReader::required_bool(std::string_view name) {
  TRY(required(name));
  return optional_bool(name, false);
}

Result<bool> MemberReader::optional_bool(std::string_view name, bool otherwise) {
  const auto* value = optional(name);
  if (!value) return otherwise;
  if (!value->is_bool()) return wrong_type(name);
  return value->get_bool();
}

Result<std::int64_t> MemberReader::optional_integer(std::string_view name, std::int64_t otherwise) {
  const auto* value = optional(name);
  if (!value) return otherwise;
  const auto atom = atom_from_json(AtomType::integer, *value);
  if (!atom) return wrong_type(name);
  return std::get<std::int64_t>(*atom);
}

Result<double> MemberReader::optional_real(std::string_view name, double otherwise) {
  const auto* value = optional(name);
  if (!value) return otherwise;
  const auto atom = atom_from_json(AtomType::real, *value);
  if (!atom) return wrong_type(name);
  return std::get<double>(*atom);
}

Result<std::string_view> MemberReader::optional_string(std::string_view name) {
  const auto* value = optional(name);
  if (!value) return std::string_view();
  if (!value->is_string()) return wrong_type(name);
  return std::string_view(value->get_string());
}

Result<> MemberReader::finish() const {
  if (found_.size() == object_->size()) return {};
  for (const auto& member : *object_) {
    const std::string_view name = member.key();
    if (std::ranges::find(found_, name) == found_.end())
      return refuse(fmt::format("Member '{}' is present but not allowed here.", name));
  }
  return {};
}

std::unexpected<Error> MemberReader::fail(const char* tag, std::string details) const {
  return fail_at(tag, std::move(details), *object_);
}

std::unexpected<Error> MemberReader::refuse(std::string_view why) const {
  return fail(syntax_error, fmt::format("Parsing {} failed: {}", what_, why));
}

std::unexpected<Error> MemberReader::wrong_type(std::string_view name) const {
  return refuse(fmt::format("Type mismatch for member '{}'.", name));
}

}  // namespace weft::ovsdb
