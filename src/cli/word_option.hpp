// An option of a command line whose value is one of some words. Includes CLI11: for few source files.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <map>
#include <ranges>
#include <string>

namespace weft::cli {

// `value` and `words` outlive `app`. Another word is an error that tells them all.
template <class Value>
void add_word_option(CLI::App& app, const std::string& name, Value& value, const std::map<std::string, Value>& words) {
  app.add_option_function<std::string>(name, [name, &value, &words](const std::string& word) {
    const auto found = words.find(word);
    if (found == words.end()) {
      throw CLI::ValidationError(name,
                                 fmt::format("\"{}\" is none of {}", word, fmt::join(words | std::views::keys, ", ")));
    }
    value = found->second;
  });
}

}  // namespace weft::cli
