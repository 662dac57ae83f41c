// Any messages of two clients: the server lives on, and all it says is well-formed.
#include <cstdint>

#include "base/check.hpp"
#include "jsonrpc/framing.hpp"
#include "ovsdb/session.hpp"
#include "ovsdb/test_schema.hpp"

namespace {

using namespace weft;
using namespace weft::ovsdb;

class Peer {
 public:
  explicit Peer(Service& service)
      : session_(
            service, [](std::string_view message) { CHECK(jsonrpc::parse_message(parse_json(message).value())); },
            [this](std::string_view) { is_connected_ = false; }) {}
  void say(json::value message) { is_connected_ = is_connected_ && session_.receive(std::move(message)); }

 private:
  bool is_connected_ = true;
  Session session_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto schema = test_schema::schema();
  jsonrpc::MessageReader reader(1 << 20);
  // What precedes an error in the stream is heard all the same.
  [[maybe_unused]] const auto fed = reader.feed({reinterpret_cast<const char*>(data), size});
  std::chrono::steady_clock::time_point now{};
  Database database(schema, nullptr);
  Service service([&] { return now; });
  service.add_database(database);
  Peer alice(service);
  Peer bob(service);
  for (bool is_alice = true; auto message = reader.next(); is_alice = !is_alice) {
    (is_alice ? alice : bob).say(std::move(*message));
    now += std::chrono::milliseconds(100);
    service.retry_blocked();
  }
  return 0;
}
