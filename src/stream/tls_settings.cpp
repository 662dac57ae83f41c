#include "stream/tls_settings.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>

namespace weft::stream {
namespace {

constexpr struct Version {
  std::string_view name;
  int number;
} versions[] = {
    {"TLSv1", TLS1_VERSION}, {"TLSv1.1", TLS1_1_VERSION}, {"TLSv1.2", TLS1_2_VERSION}, {"TLSv1.3", TLS1_3_VERSION}};

}  // namespace

Result<TlsVersions> parse_tls_versions(std::string_view text) {
  constexpr std::string_view separators = ", \t";
  TlsVersions result{.least = TLS1_3_VERSION + 1, .most = 0};
  for (auto rest = text;;) {
    rest.remove_prefix(std::min(rest.find_first_not_of(separators), rest.size()));
    if (rest.empty()) break;
    auto name = rest.substr(0, rest.find_first_of(separators));
    rest.remove_prefix(name.size());
    const bool and_newer = name.ends_with('+');
    if (and_newer) name.remove_suffix(1);
    const auto* version = std::ranges::find(versions, name, &Version::name);
    if (version == std::end(versions))
      return fail("usage", fmt::format("{}: SSL protocol not recognized; there are TLSv1.2 and TLSv1.3", name));
    const int most = and_newer ? TLS1_3_VERSION : version->number;
    if (most < TLS1_2_VERSION) continue;
    result.least = std::min(result.least, std::max(version->number, TLS1_2_VERSION));
    result.most = std::max(result.most, most);
  }
  if (result.most == 0)
    return fail("usage",
                fmt::format("\"{}\": no SSL protocol is left; give TLSv1.2 or TLSv1.3, older ones are not safe", text));
  return result;
}

}  // namespace weft::stream
