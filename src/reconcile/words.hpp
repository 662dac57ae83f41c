// The words of a setting that is a list.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace weft::reconcile {

// What stands between any of `separators`; they live as long as `text`.
inline std::vector<std::string_view> words_of(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.empty()) return words;
    words.push_back(text.substr(0, text.find_first_of(separators)));
    text.remove_prefix(words.back().size());
  }
}

}  // namespace weft::reconcile
