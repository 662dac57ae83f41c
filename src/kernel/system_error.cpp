#include "kernel/system_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

namespace weft::kernel {

std::unexpected<Error> fail_with_errno(int error_number, std::string_view what, std::string_view reason) {
  const auto message = std::generic_category().message(error_number);
  auto details =
      reason.empty() ? fmt::format("{}: {}", what, message) : fmt::format("{}: {} ({})", what, reason, message);
  switch (error_number) {
    case ENODEV:
    case ENXIO:
      return fail(std::string(no_such_device), std::move(details));
    case EPERM:
    case EACCES:
      return fail(std::string(no_permission),
                  details + ". Run it as root, or with CAP_NET_ADMIN, CAP_BPF and CAP_SYS_ADMIN");
    case ENOENT:
      return fail(std::string(no_such_entry), std::move(details));
    case EADDRINUSE:
      return fail(std::string(address_in_use), std::move(details));
    default:
      return fail("kernel", std::move(details));
  }
}

}  // namespace weft::kernel
