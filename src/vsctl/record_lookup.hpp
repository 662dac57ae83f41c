// Finding the record that a person names (ovs-vsctl(8) "Identifying Tables, Records, and Columns"), in this order: by
// its whole UUID; by "." where the table has one record; by name, or by the name of a record that refers to
// it; by the beginning of its UUID.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vsctl/view.hpp"

namespace weft::vsctl {

// The beginning of a UUID must have this many hex digits.
inline constexpr std::size_t least_uuid_digits = 4;

// How a record of the table may be named besides by its UUID, in words; empty: in no other way.
std::string other_names(std::string_view table);

// `columns` are read along. Nothing if there is no such record; an error if several fit.
Result<std::optional<Uuid>> find_record(View& view, std::string_view table, std::string_view id,
                                        const std::vector<std::string_view>& columns = {});
// As find_record(), but a missing record is an error.
Result<Uuid> require_record(View& view, std::string_view table, std::string_view id,
                            const std::vector<std::string_view>& columns = {});

}  // namespace weft::vsctl
