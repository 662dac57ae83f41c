// The "error" members of OVSDB replies: those of RFC 7047 sections 4.1.3 and 5.2, and the ones Open vSwitch adds.
// Programs compare them; never change one.
#pragma once

namespace weft::ovsdb {

inline constexpr char syntax_error[] = "syntax error";
inline constexpr char constraint_violation[] = "constraint violation";
inline constexpr char referential_integrity_violation[] = "referential integrity violation";
inline constexpr char range_error[] = "range error";
inline constexpr char domain_error[] = "domain error";
inline constexpr char duplicate_uuid_name[] = "duplicate uuid-name";
inline constexpr char duplicate_uuid[] = "duplicate uuid";
inline constexpr char repeated_key[] = "ovsdb error";  // A set or map has an element twice.
inline constexpr char timed_out[] = "timed out";
inline constexpr char aborted[] = "aborted";
inline constexpr char not_owner[] = "not owner";
inline constexpr char not_allowed[] = "not allowed";
inline constexpr char permission_error[] = "permission error";
inline constexpr char not_supported[] = "not supported";
inline constexpr char resources_exhausted[] = "resources exhausted";
inline constexpr char io_error[] = "I/O error";
inline constexpr char unknown_database[] = "unknown database";
inline constexpr char database_not_available[] = "database not available";
inline constexpr char unknown_column[] = "unknown column";
inline constexpr char unknown_function[] = "unknown function";
inline constexpr char unknown_mutator[] = "unknown mutator";

}  // namespace weft::ovsdb
