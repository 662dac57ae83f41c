#include "cli/table_output.hpp"

#include <fmt/format.h>

#include <array>

namespace weft::cli {
namespace {

template <class T>
struct Name {
  std::string_view text;
  T value;
};

constexpr std::array<Name<TableFormat>, 5> formats = {{{"list", TableFormat::list},
                                                       {"table", TableFormat::table},
                                                       {"html", TableFormat::html},
                                                       {"csv", TableFormat::csv},
                                                       {"json", TableFormat::json}}};
constexpr std::array<Name<DataStyle>, 3> data_styles = {
    {{"string", DataStyle::string}, {"bare", DataStyle::bare}, {"json", DataStyle::json}}};

template <class T, std::size_t N>
std::optional<T> value_named(const std::array<Name<T>, N>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text, &Name<T>::text);
  return found == names.end() ? std::nullopt : std::optional(found->value);
}

// Where a value begins in the list format, unless the heading is longer.
constexpr std::size_t list_heading_width = 20;

constexpr std::size_t uuid_characters = 36;
constexpr std::size_t shown_uuid_digits = 8;

bool is_continuation(char c) { return (c & 0xc0) == 0x80; }

// The length as it is seen: UTF-8's continuation bytes take no room.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !is_continuation(c); }));
}

std::string list_text(const Table& table, const TableStyle& style) {
  std::string out;
  for (std::size_t y = 0; y < table.rows.size(); ++y) {
    if (y > 0) out += '\n';
    for (std::size_t x = 0; x < table.headings.size(); ++x) {
      if (style.headings) out += fmt::format("{:<{}}: ", table.headings[x], list_heading_width);
      out += table.rows[y][x].text(style.data) + "\n";
    }
  }
  return out;
}

// Headings and rows as text alike: what the aligned table and CSV print.
std::vector<std::vector<std::string>> all_lines(const Table& table, const TableStyle& style) {
  std::vector<std::vector<std::string>> lines;
  if (style.headings) lines.push_back(table.headings);
  for (const auto& row : table.rows) {
    auto& line = lines.emplace_back();
    for (const auto& cell : row) line.push_back(cell.text(style.data));
  }
  return lines;
}

// Cuts cells that are longer than allowed, and than their heading.
void shorten(std::vector<std::vector<std::string>>& lines, const TableStyle& style) {
  const std::size_t first_row = style.headings ? 1 : 0;
  for (std::size_t y = first_row; y < lines.size(); ++y) {
    for (std::size_t x = 0; x < lines[y].size(); ++x) {
      auto& cell = lines[y][x];
      const auto heading = style.headings ? width_of(lines[0][x]) : 0;
      std::size_t end = 0;
      for (auto left = std::max(style.max_column_width, heading); end < cell.size(); ++end) {
        if (!is_continuation(cell[end]) && left-- == 0) break;
      }
      cell.resize(end);
    }
  }
}

std::string aligned_text(const Table& table, const TableStyle& style) {
  auto lines = all_lines(table, style);
  if (style.max_column_width > 0) shorten(lines, style);
  std::vector<std::size_t> widths(table.headings.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t x = 0; x < line.size(); ++x) widths[x] = std::max(widths[x], width_of(line[x]));
  }
  if (style.headings) {
    std::vector<std::string> rule;
    for (const auto width : widths) rule.emplace_back(width, '-');
    lines.insert(lines.begin() + 1, std::move(rule));
  }
  std::string out;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t x = 0; x < line.size(); ++x) {
      if (x > 0) text += ' ';
      text += line[x];
      text.append(widths[x] - width_of(line[x]), ' ');
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out;
}

// RFC 4180: a field with a comma, a quote or a line break is quoted.
std::string csv_field(const std::string& text) {
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

std::string csv_text(const Table& table, const TableStyle& style) {
  std::string out;
  for (const auto& line : all_lines(table, style)) {
    for (std::size_t x = 0; x < line.size(); ++x) out += (x > 0 ? "," : "") + csv_field(line[x]);
    out += '\n';
  }
  return out;
}

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A UUID shows its first digits only, and leads to the row it names.
std::string with_links(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto uuid = text.substr(0, uuid_characters);
    if (!Uuid::parse(uuid)) {
      out += html_escaped(text.substr(0, 1));
      text.remove_prefix(1);
      continue;
    }
    out += fmt::format("<a href=\"#{}\">{}</a>", uuid, uuid.substr(0, shown_uuid_digits));
    text.remove_prefix(uuid_characters);
  }
  return out;
}

std::string html_cell(std::string_view text, std::string_view heading) {
  if (heading != "_uuid") return with_links(text);
  // Where the links lead.
  return fmt::format("<a name=\"{}\">{}</a>", html_escaped(text), html_escaped(text.substr(0, shown_uuid_digits)));
}

std::string html_text(const Table& table, const TableStyle& style) {
  std::string out = "<table border=1>\n";
  if (!table.caption.empty()) out += fmt::format("    <caption>{}</caption>\n", html_escaped(table.caption));
  if (style.headings) {
    out += "  <tr>\n";
    for (const auto& heading : table.headings) out += fmt::format("    <th>{}</th>\n", html_escaped(heading));
    out += "  </tr>\n";
  }
  for (const auto& row : table.rows) {
    out += "  <tr>\n";
    for (std::size_t x = 0; x < row.size(); ++x)
      out += fmt::format("    <td>{}</td>\n", html_cell(row[x].text(style.data), table.headings[x]));
    out += "  </tr>\n";
  }
  return out + "</table>\n";
}

// As Open vSwitch lays it out: each element on a line of its own, closing brackets behind the last one.
void write_pretty(const json::value& value, std::size_t depth, std::string& out) {
  const auto next = [&](bool first) {
    if (!first) out += ',';
    out += '\n';
    out.append(2 * (depth + 1), ' ');
  };
  bool first = true;
  if (const auto* array = value.if_array(); array && !array->empty()) {
    out += '[';
    for (const auto& element : *array) {
      next(std::exchange(first, false));
      write_pretty(element, depth + 1, out);
    }
    out += ']';
  } else if (const auto* object = value.if_object(); object && !object->empty()) {
    out += '{';
    std::map<std::string_view, const json::value*> members;  // In order of their names, as to_text() has them.
    for (const auto& member : *object) members.emplace(member.key(), &member.value());
    for (const auto& [name, member] : members) {
      next(std::exchange(first, false));
      out += to_text(json::value(name)) + ": ";
      write_pretty(*member, depth + 1, out);
    }
    out += '}';
  } else {
    out += to_text(value);
  }
}

std::string json_text(const Table& table, const TableStyle& style) {
  json::array data;
  for (const auto& row : table.rows) {
    json::array cells;
    for (const auto& cell : row) cells.push_back(cell.to_json());
    data.push_back(std::move(cells));
  }
  json::array headings(table.headings.begin(), table.headings.end());
  json::object object{{"data", std::move(data)}, {"headings", std::move(headings)}};
  if (!table.caption.empty()) object["caption"] = table.caption;
  if (!table.time.empty()) object["time"] = table.time;
  return json_output(object, style.pretty) + "\n";
}

}  // namespace

std::optional<TableFormat> parse_table_format(std::string_view name) { return value_named(formats, name); }
std::optional<DataStyle> parse_data_style(std::string_view name) { return value_named(data_styles, name); }

std::string json_output(const json::value& value, bool pretty) {
  if (!pretty) return to_text(value);
  std::string out;
  write_pretty(value, 0, out);
  return out;
}

std::string TablePrinter::print(const Table& table) {
  if (style_.format == TableFormat::json) return json_text(table, style_);
  const auto time = table.time.empty() ? "" : table.time + "\n";
  if (style_.format == TableFormat::html) return time + html_text(table, style_);
  const auto above =
      (std::exchange(is_first_, false) ? "" : "\n") + time + (table.caption.empty() ? "" : table.caption + "\n");
  switch (style_.format) {
    case TableFormat::table:
      return above + aligned_text(table, style_);
    case TableFormat::csv:
      return above + csv_text(table, style_);
    default:
      return above + list_text(table, style_);
  }
}

}  // namespace weft::cli
