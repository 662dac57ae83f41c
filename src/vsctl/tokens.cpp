#include "vsctl/tokens.hpp"

#include <fmt/format.h>

#include "base/json.hpp"

namespace weft::vsctl {
namespace {

constexpr std::string_view delimiters = ":=, []{}!<>";

// JSON forbids raw control characters in a string; on a command line they are harmless, so they are escaped first.
std::string with_escaped_controls(std::string_view quoted) {
  std::string out;
  for (const char c : quoted) {
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", c);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

bool TokenReader::at_delimiter() const { return !at_end() && delimiters.contains(peek()); }

void TokenReader::skip_spaces() {
  while (!at_end() && peek() == ' ') rest_.remove_prefix(1);
}

bool TokenReader::take(char c) { return take(std::string_view(&c, 1)); }

bool TokenReader::take(std::string_view text) {
  if (!rest_.starts_with(text)) return false;
  rest_.remove_prefix(text.size());
  return true;
}

Result<std::string> TokenReader::token() {
  const auto start = rest_;
  std::string token;
  bool in_quotes = false;
  while (!at_end() && (in_quotes || !at_delimiter())) {
    const char c = peek();
    rest_.remove_prefix(1);
    if (c == '\\') {
      if (at_end()) return fail("syntax error", fmt::format("{}: backslash at end of argument", start));
      if (in_quotes) token += c;
      token += peek();
      rest_.remove_prefix(1);
    } else {
      if (c == '"') in_quotes = !in_quotes;
      token += c;
    }
  }
  if (in_quotes) return fail("syntax error", fmt::format("{}: quoted string extends past end of argument", start));
  return token;
}

Result<std::string> unquote(std::string_view quoted) {
  const auto missing_quote = [&] {
    return fail("syntax error", fmt::format("{}: missing quote at end of quoted string", quoted));
  };
  if (quoted.size() < 2 || !quoted.ends_with('"')) return missing_quote();
  const auto inside = quoted.substr(1, quoted.size() - 2);
  std::size_t i = 0;
  for (; i < inside.size() && inside[i] != '"'; ++i) {
    if (inside[i] == '\\') ++i;
  }
  if (i != inside.size()) return missing_quote();
  const auto value = parse_json(with_escaped_controls(quoted));
  if (!value || !value->is_string()) {
    return fail("syntax error", fmt::format("{}: bad escape in quoted string (JSON's are allowed)", quoted));
  }
  return std::string(value->get_string());
}

bool is_utf8(std::string_view text) {
  // Boost.JSON's parser checks it; quotes and backslashes are escaped first.
  const auto escaped = [&] {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + "\"";
  };
  return parse_json(with_escaped_controls(escaped())).has_value();
}

}  // namespace weft::vsctl
