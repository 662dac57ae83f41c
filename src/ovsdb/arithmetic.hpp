// The arithmetic mutators on one number.
#pragma once

#include "ovsdb/atom.hpp"
#include "ovsdb/mutation.hpp"

namespace weft::ovsdb {

// `atom` and `by` are both integers or both reals; no remainder of reals. Errors: "domain error", "range error".
Result<Atom> mutate_number(const Atom& atom, Mutator mutator, const Atom& by);

}  // namespace weft::ovsdb
