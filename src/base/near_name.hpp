// "Did you mean ...?": the name that somebody probably meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weft {

// The one of `names` that takes the fewest changes of a character to reach from `wrong`, if these are few for its
// length.
std::optional<std::string> near_name(std::string_view wrong, std::span<const std::string> names);

// "; did you mean \"lu-br0\"?", or the names there are, or nothing.
std::string suggest_name(std::string_view wrong, std::span<const std::string> names);

}  // namespace weft
