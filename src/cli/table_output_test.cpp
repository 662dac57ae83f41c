#include "cli/table_output.hpp"

#include <gtest/gtest.h>

namespace weft::cli {
namespace {

using ovsdb::AtomType;

const ColumnType string_type{.key = {.type = AtomType::string}};
const ColumnType integers{.key = {.type = AtomType::integer}, .min = 0, .max = ovsdb::unlimited};

Table two_ports() {
  const auto row = [](std::string name, std::vector<Atom> trunks) {
    return std::vector<Cell>{{&string_type, Datum::scalar(std::move(name))},
                             {&integers, Datum::set(std::move(trunks))}};
  };
  return {{"name", "trunks"}, {row("p1", {std::int64_t{1}, std::int64_t{2}}), row("a<b", {})}};
}

std::string print(const TableStyle& style) { return TablePrinter(style).print(two_ports()); }

TEST(TableOutput, list_puts_a_blank_line_between_rows) {
  EXPECT_EQ(print({}),
            "name                : p1\ntrunks              : [1, 2]\n\n"
            "name                : \"a<b\"\ntrunks              : []\n");
  EXPECT_EQ(print({.data = DataStyle::bare, .headings = false}), "p1\n1 2\n\na<b\n\n");
}

TEST(TableOutput, table_aligns_columns_and_leaves_no_trailing_spaces) {
  EXPECT_EQ(print({.format = TableFormat::table, .data = DataStyle::bare}),
            "name trunks\n---- ------\np1   1 2\na<b\n");
  EXPECT_EQ(print({.format = TableFormat::table, .headings = false}), "p1    [1, 2]\n\"a<b\" []\n");
}

TEST(TableOutput, csv_quotes_fields_as_rfc_4180_says) {
  EXPECT_EQ(print({.format = TableFormat::csv}), "name,trunks\np1,\"[1, 2]\"\n\"\"\"a<b\"\"\",[]\n");
}

TEST(TableOutput, html_escapes_what_html_would_take_for_markup) {
  EXPECT_EQ(print({.format = TableFormat::html, .headings = false}),
            "<table border=1>\n  <tr>\n    <td>p1</td>\n    <td>[1, 2]</td>\n  </tr>\n"
            "  <tr>\n    <td>&quot;a&lt;b&quot;</td>\n    <td>[]</td>\n  </tr>\n</table>\n");
}

TEST(TableOutput, json_has_data_and_headings_and_pretty_breaks_it_as_open_vswitch_does) {
  EXPECT_EQ(print({.format = TableFormat::json}),
            R"({"data":[["p1",["set",[1,2]]],["a<b",["set",[]]]],"headings":["name","trunks"]})"
            "\n");
  const Table small{{"name"}, {{{&string_type, Datum::scalar(std::string("p1"))}}}};
  EXPECT_EQ(TablePrinter({.format = TableFormat::json, .pretty = true}).print(small),
            "{\n  \"data\": [\n    [\n      \"p1\"]],\n  \"headings\": [\n    \"name\"]}\n");
}

TEST(TableOutput, a_blank_line_stands_between_two_tables_of_a_run_even_if_one_is_empty) {
  TablePrinter printer({});
  EXPECT_EQ(printer.print({{"name"}, {}}), "");
  EXPECT_EQ(printer.print({{"name"}, {}}), "\n");
  TablePrinter json({.format = TableFormat::json});
  EXPECT_EQ(json.print({{"name"}, {}}) + json.print({{"name"}, {}}),
            "{\"data\":[],\"headings\":[\"name\"]}\n{\"data\":[],\"headings\":[\"name\"]}\n");
}

TEST(TableOutput, caption_and_time_stand_above_the_rows_and_are_members_in_json) {
  const Table table{.headings = {"name"}, .rows = {{Cell("p1")}}, .caption = "Port table", .time = "2026-01-02"};
  EXPECT_EQ(TablePrinter({.format = TableFormat::csv}).print(table), "2026-01-02\nPort table\nname\np1\n");
  EXPECT_EQ(TablePrinter({.format = TableFormat::json}).print(table),
            R"({"caption":"Port table","data":[["p1"]],"headings":["name"],"time":"2026-01-02"})"
            "\n");
  const auto html = TablePrinter({.format = TableFormat::html}).print(table);
  EXPECT_TRUE(html.starts_with("2026-01-02\n<table border=1>\n    <caption>Port table</caption>\n")) << html;
}

TEST(TableOutput, html_links_a_uuid_to_the_row_that_has_it) {
  const std::string uuid = "01234567-89ab-cdef-0123-456789abcdef";
  const Table table{{"_uuid", "ports"}, {{Cell(uuid), Cell("[" + uuid + "]")}}};
  EXPECT_EQ(TablePrinter({.format = TableFormat::html, .headings = false}).print(table),
            "<table border=1>\n  <tr>\n    <td><a name=\"" + uuid + "\">01234567</a></td>\n    <td>[<a href=\"#" +
                uuid + "\">01234567</a>]</td>\n  </tr>\n</table>\n");
}

TEST(TableOutput, columns_are_cut_to_a_width_in_characters_but_not_below_their_heading) {
  const Table table{{"id", "comment"}, {{Cell("öäüß"), Cell("long enough")}, {Cell("a"), Cell("b")}}};
  EXPECT_EQ(TablePrinter({.format = TableFormat::table, .max_column_width = 3}).print(table),
            "id  comment\n--- -------\nöäü long en\na   b\n");
  EXPECT_EQ(TablePrinter({.format = TableFormat::table, .headings = false, .max_column_width = 3}).print(table),
            "öäü lon\na   b\n");
  EXPECT_EQ(TablePrinter({.format = TableFormat::csv, .max_column_width = 3}).print(table),
            "id,comment\nöäüß,long enough\na,b\n");
}

TEST(TableOutput, a_cell_without_a_column_is_text_or_json_or_nothing) {
  const Table table{{"Column", "Type", "Note"}, {{Cell("name"), Cell::json("string"), Cell()}}};
  EXPECT_EQ(TablePrinter({.format = TableFormat::csv}).print(table), "Column,Type,Note\nname,\"\"\"string\"\"\",\n");
  EXPECT_EQ(TablePrinter({.format = TableFormat::json}).print(table),
            R"({"data":[["name","string",null]],"headings":["Column","Type","Note"]})"
            "\n");
}

}  // namespace
}  // namespace weft::cli
