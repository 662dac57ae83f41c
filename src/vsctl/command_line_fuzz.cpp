// Any words are understood or refused; what was understood as a value and is printed reads back as the same value.
#include <cstdint>

#include "base/fuzz_words.hpp"
#include "cli/value_format.hpp"
#include "vsctl/column_argument.hpp"
#include "vsctl/command_line.hpp"
#include "vsctl/test_schema.hpp"
#include "vsctl/value_syntax.hpp"

namespace {

using namespace weft;
using namespace weft::cli;
using namespace weft::vsctl;

void check_values(const std::string& text) {
  for (const auto& column : test_table("Interface").columns) {
    Symbols symbols;
    const auto datum = parse_datum(column.type, text, symbols);
    if (!datum) continue;
    const auto printed = format_datum(column.type, *datum);
    const auto again = parse_datum(column.type, printed, symbols);
    CHECK(again && *again == *datum);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto words = fuzz_words(data, size);
  if (const auto options = parse_options(words)) {
    const auto commands = parse_commands(options->first_command_options, options->rest);
    CHECK(commands || !commands.error().details.empty());
  }
  const auto& table = test_table("Port");
  for (const auto& word : words) {
    Symbols symbols;
    const auto key = parse_column_key(table, word);
    const auto assignment = parse_assignment(table, word, symbols);
    if (const auto condition = parse_condition(table, word, symbols)) {
      condition->holds_for(table.columns[condition->column].default_value);
    }
    CHECK(key || !key.error().details.empty());
    CHECK(assignment || !assignment.error().details.empty());
    check_values(word);
  }
  return 0;
}
