#include "base/system_error.hpp"

#include <fmt/format.h>

#include <system_error>

namespace weft {

std::string_view tag_of_errno(int number) {
  switch (number) {
    case ENODEV:
    case ENXIO:
      return no_such_device;
    case EPERM:
    case EACCES:
      return no_permission;
    case ENOENT:
      return no_such_entry;
    case EADDRINUSE:
      return address_in_use;
    default:
      return "system";
  }
}

std::unexpected<Error> fail_with_errno(std::string_view what, int number) {
  return fail(std::string(tag_of_errno(number)), fmt::format("{}: {}", what, std::generic_category().message(number)));
}

}  // namespace weft
