#include "lab/switch_life.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::lab {
namespace {

constexpr std::string_view is_running =
    "pid=$(cat /run/openvswitch/weftd.pid 2>/dev/null) && kill -0 \"$pid\" 2>/dev/null || echo ended";

}  // namespace

Result<std::size_t> revive_switches(std::span<const Object> objects, std::span<const Step> steps, HostCarrier& carrier,
                                    Progress& progress) {
  std::size_t number = 0;
  for (const auto& object : objects) {
    if (object.id.kind != Kind::vswitch || object.id.name != "weftd") continue;
    if (std::ranges::any_of(steps, [&](const Step& step) { return step.object.id == object.id; })) continue;
    if (TRY(carrier.ask(object.id.host, std::string(is_running))).empty()) continue;
    const Step again{Step::Action::create, object};
    progress.begin("weftd", fmt::format("had ended on {}: started again", object.id.host), 1);
    const auto result = carrier.carry_out(object.id.host, std::span(&again, 1));
    progress.end(result);
    TRY(Result<>(result));
    ++number;
  }
  return number;
}

}  // namespace weft::lab
