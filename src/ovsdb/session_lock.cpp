// The locks of a session (RFC 7047 sections 4.1.8 to 4.1.10).
#include "ovsdb/error_tags.hpp"
#include "ovsdb/session.hpp"

namespace weft::ovsdb {
namespace {

// The one parameter, an <id>.
std::optional<std::string_view> lock_name(const json::array& params) {
  const auto* name = params.size() == 1 ? params[0].if_string() : nullptr;
  return name && is_identifier(*name) ? std::optional<std::string_view>(*name) : std::nullopt;
}

// In Open vSwitch's words, which are no object here.
std::unexpected<json::value> refuse_read_only() {
  return std::unexpected(json::value("lock and unlock methods not allowed, DB server is read only."));
}

std::unexpected<json::value> refuse(const Request& request, std::string_view tag, std::string details) {
  return std::unexpected(json::value(to_json(Error{std::string(tag), std::move(details)}, request.params)));
}

}  // namespace

std::expected<std::string_view, json::value> Session::new_lock_of(const Request& request) {
  if (service_.is_read_only()) return refuse_read_only();
  const auto name = lock_name(request.params);
  if (!name) return refuse(request, syntax_error, request.method + " request params must be <id>");
  if (name->size() > max_lock_name_bytes)
    return refuse(
        request, resources_exhausted,
        fmt::format("a lock's name of {} bytes, more than the {} it may have", name->size(), max_lock_name_bytes));
  if (service_.locks().has_asked(*name, id_))
    return refuse(request, syntax_error, fmt::format("must issue \"unlock\" before new \"{}\"", request.method));
  if (service_.locks().count_of(id_) == max_locks)
    return refuse(request, resources_exhausted, fmt::format("this client has {} locks already", max_locks));
  return *name;
}

Session::Answer Session::lock(Request& request) {
  const auto name = new_lock_of(request);
  if (!name) return std::unexpected(name.error());
  return json::object{{"locked", service_.locks().lock(*name, id_)}};
}

Session::Answer Session::steal(Request& request) {
  const auto name = new_lock_of(request);
  if (!name) return std::unexpected(name.error());
  if (const auto robbed = service_.locks().steal(*name, id_))
    if (auto* session = service_.find_session(*robbed)) session->tell_lock("stolen", *name);
  return json::object{{"locked", true}};
}

Session::Answer Session::unlock(Request& request) {
  if (service_.is_read_only()) return refuse_read_only();
  const auto name = lock_name(request.params);
  if (!name) return refuse(request, syntax_error, "unlock request params must be <id>");
  if (!service_.locks().has_asked(*name, id_))
    return refuse(request, syntax_error, "unlock: \"unlock\" without \"lock\" or \"steal\"");
  lost_locks_.erase(std::string(*name));
  if (const auto heir = service_.locks().unlock(*name, id_))
    if (auto* session = service_.find_session(*heir)) session->tell_lock("locked", *name);
  return json::object();
}

Session::Locks Session::locks() const {
  Locks locks;
  for (const auto& lock : service_.locks().asked_by(id_)) {
    auto& list = service_.locks().owns(lock, id_) ? locks.held
                 : lost_locks_.contains(lock)     ? locks.lost
                                                  : locks.waiting;
    list += (list.empty() ? "" : " ") + lock;
  }
  return locks;
}

void Session::tell_lock(std::string_view method, std::string_view lock) {
  if (method == "stolen") {
    lost_locks_.emplace(lock);
  } else {
    lost_locks_.erase(std::string(lock));
  }
  say(to_text(jsonrpc::make_notification(method, {json::value(lock)})));
}

}  // namespace weft::ovsdb
