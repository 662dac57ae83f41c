// What is said of a text that may be long.
#pragma once

#include <string>

namespace weft {

// The text's beginning, `max_bytes` at most and in whole characters of UTF-8, then "..." where there was more.
std::string shorten(std::string text, std::size_t max_bytes);

}  // namespace weft
