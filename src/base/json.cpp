#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include "base/json_reader.hpp"
#include "base/shorten.hpp"

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

// Characters that may stand in a string as they are (RFC 8259 section 7): the most, so look at many at once.
constexpr bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void write_string(std::string& out, std::string_view text) {
  out += '"';
  while (true) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(text, is_plain) - text.begin());
    out += text.substr(0, plain);
    if (plain == text.size()) break;
    const char c = text[plain];
    constexpr std::string_view short_forms = "\"\"\\\\\bb\ff\nn\rr\tt";  // A character, its letter, the next.
    const auto form = short_forms.find(c);
    if (form != std::string_view::npos && form % 2 == 0) {
      out += '\\';
      out += short_forms[form + 1];
    } else {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    }
    text.remove_prefix(plain + 1);
  }
  out += '"';
}

class Writer {
 public:
  Writer(std::string& out, JsonStyle style) : out_(out), pretty_(style == JsonStyle::pretty) {}

  void write(const json::value& value) {
    switch (value.kind()) {
      case json::kind::object:
        return write(value.get_object());
      case json::kind::array:
        return write(value.get_array());
      case json::kind::string:
        return write_string(out_, value.get_string());
      case json::kind::double_:
        return write(value.get_double());
      case json::kind::int64:
        return write_integer(value.get_int64());
      case json::kind::uint64:
        return write_integer(value.get_uint64());
      case json::kind::bool_:
        out_ += value.get_bool() ? "true" : "false";
        return;
      case json::kind::null:
        out_ += "null";
        return;
    }
  }

 private:
  using Member = json::object::value_type;

  void write(const json::object& object) {
    // The members of nearly all objects fit: no allocation for each.
    std::array<const Member*, 24> few;
    std::vector<const Member*> many(object.size() > few.size() ? object.size() : 0);
    const std::span members(many.empty() ? few.data() : many.data(), object.size());
    std::ranges::transform(object, members.begin(), [](const Member& member) { return &member; });
    std::ranges::sort(members, {}, [](const Member* member) { return std::string_view(member->key()); });
    open('{');
    for (const auto& member : members) {
      next(&member == &members.front());
      write_string(out_, member->key());
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

  void write_integer(auto integer) {
    const fmt::format_int text(integer);
    out_.append(text.data(), text.size());
  }

  // As C's %.15g, or as many digits as it takes; a whole number without a fraction.
  void write(double real) {
    auto text = fmt::format("{:.15g}", real);
    double read_back = 0;
    std::from_chars(text.data(), text.data() + text.size(), read_back);
    if (read_back != real) text = fmt::format("{:.17g}", real);
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
  JsonReader reader;
  json::error_code error;
  std::size_t used = reader.read(text, error);
  if (!error) used += text.substr(used).find_first_not_of(" \t\r\n") == std::string_view::npos ? text.size() - used : 0;
  if (!error && used < text.size()) error = json::error::extra_data;
  if (!error) reader.finish(error);
  if (error) {
    const auto [line, column] = position_of(text, used);
    return fail("syntax error", fmt::format("line {}, column {}: {}", line, column, error.message()));
  }
  return reader.take();
}

std::string to_text(const json::value& value, JsonStyle style) {
  std::string out;
  Writer(out, style).write(value);
  return out;
}

std::string excerpt(const json::value& value, std::size_t max_length) { return shorten(to_text(value), max_length); }

}  // namespace weft
