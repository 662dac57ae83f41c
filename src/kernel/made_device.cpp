#include "kernel/made_device.hpp"

#include "kernel/internal_device.hpp"
#include "kernel/patch_device.hpp"
#include "kernel/system_error.hpp"
#include "kernel/vxlan_device.hpp"

namespace weft::kernel {

std::optional<model::MadeKind> made_kind(const Links& links, const LinkRecord& record) {
  if (is_made_vxlan(record)) return model::MadeKind::vxlan;
  if (is_patch_end(record)) return model::MadeKind::patch;
  if (!is_internal_peer(record) && find_internal_peer(links, record) != nullptr) return model::MadeKind::internal;
  return std::nullopt;
}

Result<> create_device(NetlinkSocket& socket, const std::string& device, const model::MadeDevice& settings) {
  if (const auto* vxlan = std::get_if<model::VxlanDevice>(&settings)) return create_vxlan(socket, device, *vxlan);
  if (const auto* patch = std::get_if<model::PatchDevice>(&settings)) return create_patch(socket, device, *patch);
  return create_internal(socket, device, std::get<model::InternalDevice>(settings));
}

Result<> delete_made_device(NetlinkSocket& socket, const std::string& device) {
  const auto record = read_link(socket, device);
  if (!record && record.error().tag == no_such_device) return {};
  if (!record) return std::unexpected(record.error());
  return is_made_vxlan(*record) ? delete_vxlan(socket, *record) : delete_internal(socket, *record);
}

}  // namespace weft::kernel
