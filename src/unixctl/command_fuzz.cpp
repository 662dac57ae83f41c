// Any words that somebody sends to a daemon's control socket: each command that all daemons have answers, or refuses
// with a reason.
#include <boost/asio/io_context.hpp>
#include <cstdint>

#include "base/check.hpp"
#include "jsonrpc/framing.hpp"
#include "jsonrpc/message.hpp"
#include "unixctl/common_commands.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft;
  static boost::asio::io_context loop;
  static unixctl::CommandTable table;
  static unixctl::CommonCommands common(loop, table, "fuzz", [] { return unixctl::MemoryUsage{{"cells", 1}}; });
  jsonrpc::MessageReader reader(1 << 16);
  // What precedes an error in the stream is heard all the same.
  [[maybe_unused]] const auto fed = reader.feed({reinterpret_cast<const char*>(data), size});
  while (auto message = reader.next()) {
    const auto parsed = jsonrpc::parse_message(std::move(*message));
    const auto* request = parsed ? std::get_if<jsonrpc::Request>(&*parsed) : nullptr;
    if (!request) continue;
    std::vector<std::string> words;
    for (const auto& param : request->params) words.emplace_back(param.is_string() ? param.get_string() : "");
    const auto answer = table.run(request->method, words);
    CHECK(answer || !answer.error().details.empty());
  }
  return 0;
}
