#include "dbclient/target.hpp"

#include <fmt/format.h>

#include "cli/common_options.hpp"

namespace weft::dbclient {
namespace {

constexpr std::string_view connection_methods[] = {"tcp:", "ssl:", "unix:", "ptcp:", "pssl:", "punix:"};
constexpr std::string_view usual_database = "Open_vSwitch";

bool looks_like_remote(std::string_view text) {
  return std::ranges::any_of(connection_methods, [&](std::string_view method) { return text.starts_with(method); });
}

// A comma separates only where the name of a method follows.
std::vector<std::string> split(std::string_view remotes) {
  std::vector<std::string> list;
  for (std::size_t comma = remotes.find(','); comma != std::string_view::npos;) {
    if (looks_like_remote(remotes.substr(comma + 1))) {
      list.emplace_back(remotes.substr(0, comma));
      remotes.remove_prefix(comma + 1);
      comma = remotes.find(',');
    } else {
      comma = remotes.find(',', comma + 1);
    }
  }
  list.emplace_back(remotes);
  return list;
}

}  // namespace

Target take_server(std::span<const std::string> arguments) {
  if (!arguments.empty() && looks_like_remote(arguments.front())) return {arguments.front(), arguments.subspan(1)};
  return {cli::default_remote(), arguments};
}

Result<std::string> take_database(const json::value& names, std::size_t least,
                                  std::span<const std::string>& arguments) {
  if (!names.is_array()) return fail("protocol error", "the server's answer to \"list_dbs\" is " + excerpt(names));
  std::vector<std::string> known;
  for (const auto& name : names.get_array())
    if (const auto* text = name.if_string()) known.emplace_back(*text);
  const auto is_known = [&](std::string_view name) { return std::ranges::find(known, name) != known.end(); };
  if (arguments.size() > least && is_known(arguments.front())) {
    auto name = arguments.front();
    arguments = arguments.subspan(1);
    return name;
  }
  if (is_known(usual_database)) return std::string(usual_database);
  std::erase_if(known, [](const std::string& name) { return name.starts_with('_'); });
  if (known.size() == 1) return known.front();
  return fail("no default database", "could not find a default database, please specify a database name");
}

Result<jsonrpc::Client> connect_any(const std::string& remotes, const stream::TlsSettings& tls) {
  std::string reasons;
  for (const auto& remote : split(remotes)) {
    auto client = jsonrpc::Client::connect(remote, std::nullopt, tls);
    if (client) return client;
    std::string_view reason = client.error().details;
    if (reason.starts_with(remote + ": ")) reason.remove_prefix(remote.size() + 2);
    reasons += fmt::format("{}failed to connect to \"{}\" ({})", reasons.empty() ? "" : "; ", remote, reason);
  }
  return fail("connection failed", reasons);
}

}  // namespace weft::dbclient
