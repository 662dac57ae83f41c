#include "lab/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace weft::lab {
namespace {

using Tool = Command::Tool;

struct ToolName {
  Tool tool;
  std::string_view key;
};
constexpr std::array tool_names = {ToolName{Tool::shell, "sh"}, ToolName{Tool::ip, "ip"},
                                   ToolName{Tool::vsctl, "ovs-vsctl"}};

// Commands that one process carries out.
struct Piece {
  Commands commands;
  bool takes(const Command& next) const {
    const auto& last = commands.back();
    return next.tool == last.tool && next.netns == last.netns && next.may_fail == last.may_fail &&
           next.tool != Tool::shell;
  }
};

bool are_alike(const Command& one, const Command& other) {
  return one.tool == other.tool && one.netns.empty() == other.netns.empty() && one.may_fail == other.may_fail;
}

void append(std::vector<Piece>& pieces, const Command& command) {
  if (pieces.empty() || !pieces.back().takes(command)) pieces.push_back({});
  pieces.back().commands.push_back(command);
}

// Objects of a kind are made by the same sequence of tools: the first stretch of the same tool of all objects, then the
// second of all, and so on.
std::vector<Piece> pieces_of(std::span<const Commands> objects) {
  std::vector<Piece> pieces;
  std::vector<std::size_t> done(objects.size(), 0);
  for (bool is_more = true; is_more;) {
    is_more = false;
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const auto& commands = objects[i];
      const auto begin = done[i];
      while (done[i] < commands.size() && are_alike(commands[begin], commands[done[i]])) {
        append(pieces, commands[done[i]++]);
      }
      is_more |= done[i] < commands.size();
    }
  }
  return pieces;
}

constexpr std::string_view mark = "weft: piece ";

std::string script_of(const Piece& piece) {
  const auto& first = piece.commands.front();
  if (piece.commands.size() == 1) return as_typed(first) + '\n';
  std::string text;
  if (first.tool == Tool::vsctl) {
    text = "ovs-vsctl";
    for (const auto& command : piece.commands)
      text += fmt::format("{} {}", &command == &first ? "" : " --", command.text);
    text += first.may_fail ? " 2>/dev/null || true\n" : "\n";
    return text;
  }
  const auto where = first.netns.empty() ? "" : " -n " + first.netns;
  text = first.may_fail ? fmt::format("{{ ip -force{} -batch - 2>/dev/null || true; }} <<'END'\n", where)
                        : fmt::format("ip{} -batch - <<'END'\n", where);
  for (const auto& command : piece.commands) text += command.text + '\n';
  return text + "END\n";
}

std::optional<std::size_t> number_behind(std::string_view text, std::string_view words) {
  const auto begin = text.rfind(words);
  if (begin == std::string_view::npos) return {};
  std::size_t number = 0;
  const auto* first = text.data() + begin + words.size();
  if (std::from_chars(first, text.data() + text.size(), number).ec != std::errc{}) return {};
  return number;
}

}  // namespace

Command shell(std::string text) { return {.tool = Tool::shell, .text = std::move(text)}; }
Command ip(std::string text) { return {.tool = Tool::ip, .text = std::move(text)}; }
Command ip_in(std::string netns, std::string text) {
  return {.tool = Tool::ip, .text = std::move(text), .netns = std::move(netns)};
}
Command vsctl(std::string text) { return {.tool = Tool::vsctl, .text = std::move(text)}; }
Command may_fail(Command command) {
  command.may_fail = true;
  return command;
}

std::string as_typed(const Command& command) {
  std::string text;
  switch (command.tool) {
    case Tool::shell:
      text = command.text;
      break;
    case Tool::ip:
      text = fmt::format("ip {}{}{}{}", command.netns.empty() ? "" : "-n ", command.netns,
                         command.netns.empty() ? "" : " ", command.text);
      break;
    case Tool::vsctl:
      text = "ovs-vsctl " + command.text;
      break;
  }
  return command.may_fail ? text + " 2>/dev/null || true" : text;
}

json::value to_json(const Command& command) {
  json::object object;
  const auto* name = std::ranges::find(tool_names, command.tool, &ToolName::tool);
  object[name->key] = command.text;
  if (!command.netns.empty()) object["netns"] = command.netns;
  if (command.may_fail) object["may-fail"] = true;
  return object;
}

Result<Command> command_from_json(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return fail("journal", fmt::format("no command: {}", excerpt(value)));
  for (const auto& name : tool_names) {
    const auto* text = object->if_contains(name.key);
    if (text == nullptr || !text->is_string()) continue;
    Command command{.tool = name.tool, .text = std::string(text->get_string())};
    if (const auto* netns = object->if_contains("netns"); netns != nullptr && netns->is_string()) {
      command.netns = netns->get_string();
    }
    command.may_fail = object->contains("may-fail");
    return command;
  }
  return fail("journal", fmt::format("no command: {}", excerpt(value)));
}

std::string batch(std::span<const Commands> objects) {
  const auto pieces = pieces_of(objects);
  // Which piece failed is told on stderr: ip itself only counts lines.
  std::string script = fmt::format("set -e\npiece=0\ntrap '[ $? = 0 ] || echo \"{}$piece\" >&2' EXIT\n", mark);
  for (std::size_t i = 0; i < pieces.size(); ++i) script += fmt::format("piece={}\n{}", i, script_of(pieces[i]));
  return script;
}

Blame blame(std::span<const Commands> objects, std::string_view stderr_text) {
  Blame result;
  const auto number = number_behind(stderr_text, mark);
  result.words = stderr_text.substr(0, stderr_text.rfind(mark));
  constexpr std::string_view ip_words = "Command failed -:";
  const auto line = number_behind(result.words, ip_words);
  if (line) result.words.erase(result.words.rfind(ip_words));
  while (!result.words.empty() && result.words.back() == '\n') result.words.pop_back();
  const auto pieces = pieces_of(objects);
  if (!number || *number >= pieces.size()) return result;
  const auto& commands = pieces[*number].commands;
  if (commands.size() == 1) {
    result.command = as_typed(commands.front());
  } else if (line && *line >= 1 && *line <= commands.size()) {
    result.command = as_typed(commands[*line - 1]);
  } else {
    result.command = as_typed(commands.front()) + fmt::format(" (and {} more)", commands.size() - 1);
  }
  return result;
}

}  // namespace weft::lab
