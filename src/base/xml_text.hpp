// Text within XML.
#pragma once

#include <string>
#include <string_view>

namespace weft {

// For XML's text and attributes; characters that XML cannot have (XML 1.0 section 2.2) become "?".
std::string escape_xml(std::string_view text);

}  // namespace weft
