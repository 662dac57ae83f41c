// Any words behind "ovsdb-client": options are taken or refused with a reason, and the server and the database are
// found among the rest or are not.
#include <algorithm>
#include <cstdint>

#include "base/check.hpp"
#include "base/fuzz_words.hpp"
#include "dbclient/options.hpp"
#include "dbclient/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft;
  const auto words = fuzz_words(data, size);
  if (std::ranges::any_of(words, is_fuzz_word_about_log)) return 0;
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
