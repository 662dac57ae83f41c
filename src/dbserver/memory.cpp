#include "dbserver/memory.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/json.hpp"

namespace weft::dbserver {
namespace {

std::unexpected<Error> failure(const char* what) {
  return fail("I/O error", fmt::format("{} what is to survive a restart: {}", what, std::strerror(errno)));
}

// Cannot fail: we wrote it.
template <class Texts>
Texts texts_of(const json::value& array) {
  Texts texts;
  for (const auto& text : array.as_array()) texts.insert(texts.end(), std::string(text.as_string()));
  return texts;
}

}  // namespace

Result<Memory> Memory::make(const Remembered& content) {
  UniqueFd fd(::memfd_create("ovsdb-server", MFD_CLOEXEC));
  if (!fd) return failure("cannot keep");
  Memory memory(std::move(fd));
  TRY(memory.write(content));
  return memory;
}

Result<> Memory::write(const Remembered& content) {
  const auto text = to_text(json::object{
      {"databases", json::array(content.databases.begin(), content.databases.end())},
      {"remotes", json::array(content.remotes.begin(), content.remotes.end())},
      {"active_server", content.replication.active_server},
      {"excluded", list_of(content.replication.excluded)},
      {"is_backup", content.replication.is_backup},
  });
  const auto line = text + '\n';  // What an earlier, longer one leaves behind it does not count.
  if (::pwrite(fd_.get(), line.data(), line.size(), 0) != static_cast<ssize_t>(line.size()))
    return failure("cannot write");
  return {};
}

Result<Remembered> Memory::read() const {
  std::string text(static_cast<std::size_t>(::lseek(fd_.get(), 0, SEEK_END)), '\0');
  if (::pread(fd_.get(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
    return failure("cannot read");
  const auto content = TRY(parse_json(std::string_view(text).substr(0, text.find('\n'))));
  return Remembered{
      texts_of<std::vector<std::string>>(content.at("databases")),
      texts_of<std::set<std::string>>(content.at("remotes")),
      {std::string(content.at("active_server").as_string()),
       TRY(parse_tables(std::string(content.at("excluded").as_string()))), content.at("is_backup").as_bool()}};
}

}  // namespace weft::dbserver
