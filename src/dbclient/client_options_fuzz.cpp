// Any words behind "ovsdb-client": options are taken or refused with a reason, and the server and the database are
// found among the rest or are not.
#include <cstdint>

#include "base/check.hpp"
#include "dbclient/options.hpp"
#include "dbclient/target.hpp"

namespace {

std::vector<std::string> words_of(std::string_view input) {
  std::vector<std::string> words;
  for (const char c : input) {
    if (c == '\0') continue;  // No argument of a program contains one.
    if (c == '\n' || words.empty()) words.emplace_back();
    if (c != '\n') words.back() += c;
  }
  return words;
}

// Options about the log take effect at once: no files and sockets of whatever name.
bool is_about_log(const std::string& word) { return word.starts_with("--l") || word.starts_with("--sy"); }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft;
  const auto words = words_of({reinterpret_cast<const char*>(data), size});
  if (std::ranges::any_of(words, is_about_log)) return 0;
  const auto parsed = dbclient::parse_options(words);
  if (!parsed) {
    CHECK(!parsed.error().details.empty());
    return 0;
  }
  auto target = dbclient::take_server(parsed->rest);
  CHECK(!target.remote.empty() && target.arguments.size() <= parsed->rest.size());
  const auto before = target.arguments.size();
  const auto database = dbclient::take_database(json::array{"_Server", "lab", "Open_vSwitch"}, 1, target.arguments);
  CHECK(database ? target.arguments.size() + 1 >= before : !database.error().details.empty());
  return 0;
}
