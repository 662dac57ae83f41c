#include "hosts/send_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "hosts/place.hpp"
#include "hosts/ssh.hpp"

namespace weft::hosts {

std::string send_script(const std::string& file, const std::string& destination, const std::string& path) {
  const auto there = [&](const std::string& command) { return quote(ssh_command(destination, command, Terminal::no)); };
  const auto target = quote(path);
  const auto folder = quote(std::filesystem::path(path).parent_path().string());
  // The sum goes first: the far end cannot tell the end of the file from the end of the connection.
  return fmt::format(
      R"(set -e
file={}
[ -r "$file" ] || {{ echo "there is no image $file" >&2; exit 1; }}
sum=$(sha256sum <"$file")
there=$({} </dev/null)
[ "$sum" != "$there" ] || exit 0
{{ echo "$sum"; cat "$file"; }} | {}
)",
      quote(file), there(fmt::format("mkdir -p {} && [ ! -e {} ] || sha256sum <{}", folder, target, target)),
      there(fmt::format("read -r sum; part={}.part.$$; cat >\"$part\" && [ \"$(sha256sum <\"$part\")\" = \"$sum\" ] && "
                        "mv \"$part\" {} || {{ rm -f \"$part\"; echo 'the image did not come whole' >&2; exit 1; }}",
                        target, target)));
}

int send_file(const std::string& file, const std::string& destination, const std::string& path) {
  ::execlp("/bin/sh", "sh", "-c", send_script(file, destination, path).c_str(), nullptr);
  fmt::print(stderr, "weft: cannot run /bin/sh: {}\n", std::strerror(errno));
  return 1;
}

}  // namespace weft::hosts
