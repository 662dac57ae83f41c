#include "ovsdb/arithmetic.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {
namespace {

std::unexpected<Error> out_of_range(Mutator mutator) {
  return fail(range_error, fmt::format("Result of \"{}\" operation is out of range.", name_of(mutator)));
}

std::unexpected<Error> division_by_zero() { return fail(domain_error, "Division by zero."); }

Result<Atom> mutate_integer(std::int64_t value, Mutator mutator, std::int64_t by) {
  std::int64_t result = 0;
  bool overflows = false;
  switch (mutator) {
    case Mutator::add:
      overflows = __builtin_add_overflow(value, by, &result);
      break;
    case Mutator::subtract:
      overflows = __builtin_sub_overflow(value, by, &result);
      break;
    case Mutator::multiply:
      overflows = __builtin_mul_overflow(value, by, &result);
      break;
    case Mutator::divide:
    case Mutator::remainder:
      if (by == 0) return division_by_zero();
      overflows = value == std::numeric_limits<std::int64_t>::min() && by == -1;
      if (!overflows) result = mutator == Mutator::divide ? value / by : value % by;
      break;
    case Mutator::insert:
    case Mutator::erase:
      std::unreachable();
  }
  if (overflows) return out_of_range(mutator);
  return result;
}

Result<Atom> mutate_real(double value, Mutator mutator, double by) {
  double result = 0;
  switch (mutator) {
    case Mutator::add:
      result = value + by;
      break;
    case Mutator::subtract:
      result = value - by;
      break;
    case Mutator::multiply:
      result = value * by;
      break;
    case Mutator::divide:
      if (by == 0) return division_by_zero();
      result = value / by;
      break;
    case Mutator::remainder:
    case Mutator::insert:
    case Mutator::erase:
      std::unreachable();
  }
  if (!std::isfinite(result)) return out_of_range(mutator);
  return result;
}

}  // namespace

Result<Atom> mutate_number(const Atom& atom, Mutator mutator, const Atom& by) {
  if (const auto* integer = std::get_if<std::int64_t>(&atom)) {
    return mutate_integer(*integer, mutator, std::get<std::int64_t>(by));
  }
  return mutate_real(std::get<double>(atom), mutator, std::get<double>(by));
}

}  // namespace weft::ovsdb
