#include "kernel/system_error.hpp"

#include <fmt/format.h>

#include <system_error>

namespace weft::kernel {

std::unexpected<Error> fail_with_errno(int error_number, std::string_view what, std::string_view reason) {
  const auto tag = tag_of_errno(error_number);
  const auto message = std::generic_category().message(error_number);
  auto details =
      reason.empty() ? fmt::format("{}: {}", what, message) : fmt::format("{}: {} ({})", what, reason, message);
  if (tag == no_permission) details += ". Run it as root, or with CAP_NET_ADMIN, CAP_BPF and CAP_SYS_ADMIN";
  return fail(std::string(tag), std::move(details));
}

}  // namespace weft::kernel
