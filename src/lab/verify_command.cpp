#include "lab/verify_command.hpp"

#include <fmt/format.h>

#include "lab/executor.hpp"
#include "lab/guest_access.hpp"
#include "lab/select.hpp"
#include "lab/standing_lab.hpp"
#include "lab/verify.hpp"

namespace weft::lab {

Result<int> run(const VerifyCommand& command, std::FILE* out) {
  const auto folder = TRY(choose_lab(command.lab));
  const auto record = TRY(Journal::read(folder.path()));
  if (record.objects.empty() || record.file.empty()) {
    return fail("not running", fmt::format("lab {} is not up: weft lab up", folder.lab()));
  }
  std::vector<Object> objects;
  for (const auto& [id, recorded] : record.objects) objects.push_back(recorded.object);
  const auto lab = TRY(read_standing_lab(record.file));
  const auto places = places_of(objects, record.lab);
  const auto ask_guest = [&](const topology::VirtualMachine& guest, const std::string& script) -> Result<std::string> {
    const auto machine = std::ranges::find(objects, ObjectId{Kind::machine, guest.host, guest.name}, &Object::id);
    if (machine == objects.end()) return fail("not running", "it is not up: weft lab up");
    return ask_in_guest(*machine, places.at(guest.host), script);
  };
  const bool is_good = TRY(verify(lab, places, ask_guest, {.json = command.json}, out));
  return is_good ? 0 : 1;
}

}  // namespace weft::lab
