#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace weft {
namespace {

struct Position {
  std::size_t line;
  std::size_t column;
};

Position position_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line_start = before.rfind('\n');
  return {static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          before.size() - (line_start == std::string_view::npos ? 0 : line_start + 1) + 1};
}

class Writer {
 public:
  Writer(std::string& out, JsonStyle style) : out_(out), pretty_(style == JsonStyle::pretty) {}

  void write(const json::value& value) {
    if (const auto* object = value.if_object()) {
      write(*object);
    } else if (const auto* array = value.if_array()) {
      write(*array);
    } else if (const auto* real = value.if_double()) {
      write(*real);
    } else {
      out_ += json::serialize(value);
    }
  }

 private:
  void write(const json::object& object) {
    std::vector<const json::object::value_type*> members;
    members.reserve(object.size());
    for (const auto& member : object) members.push_back(&member);
    std::ranges::sort(members, {}, [](const auto* member) { return std::string_view(member->key()); });
    open('{');
    for (const auto* member : members) {
      next(member == members.front());
      out_ += json::serialize(json::value(member->key()));
      out_ += pretty_ ? ": " : ":";
      write(member->value());
    }
    close('}', members.empty());
  }

  void write(const json::array& array) {
    open('[');
    for (const auto& element : array) {
      next(&element == &array.front());
      write(element);
    }
    close(']', array.empty());
  }

  // As C's %.15g, or as many digits as it takes; a whole number without a fraction.
  void write(double real) {
    auto text = fmt::format("{:.15g}", real);
    if (std::stod(text) != real) text = fmt::format("{:.17g}", real);
    out_ += text;
  }

  void open(char bracket) {
    out_ += bracket;
    ++depth_;
  }
  void next(bool first) {
    if (!first) out_ += ',';
    new_line();
  }
  void close(char bracket, bool empty) {
    --depth_;
    if (!empty) new_line();
    out_ += bracket;
  }
  void new_line() {
    if (!pretty_) return;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }

  std::string& out_;
  bool pretty_;
  std::size_t depth_ = 0;
};

}  // namespace

Result<json::value> parse_json(std::string_view text) {
  json::parse_options options;
  options.max_depth = max_json_depth;
  json::stream_parser parser({}, options);
  json::error_code error;
  std::size_t used = parser.write_some(text.data(), text.size(), error);
  if (!error) used += text.substr(used).find_first_not_of(" \t\r\n") == std::string_view::npos ? text.size() - used : 0;
  if (!error && used < text.size()) error = json::error::extra_data;
  if (!error) parser.finish(error);
  if (error) {
    const auto [line, column] = position_of(text, used);
    return fail("syntax error", fmt::format("line {}, column {}: {}", line, column, error.message()));
  }
  return parser.release();
}

std::string to_text(const json::value& value, JsonStyle style) {
  std::string out;
  Writer(out, style).write(value);
  return out;
}

std::string excerpt(const json::value& value, std::size_t max_length) {
  auto text = to_text(value);
  if (text.size() > max_length) {
    while (max_length > 0 && (static_cast<unsigned char>(text[max_length]) & 0xc0) == 0x80)
      --max_length;  // Whole characters.
    text.resize(max_length);
    text += "...";
  }
  return text;
}

}  // namespace weft
