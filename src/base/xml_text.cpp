#include "base/xml_text.hpp"

namespace weft {

std::string escape_xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += (c >= '\0' && c < ' ') || c == '\x7f' ? '?' : c;
    }
  }
  return escaped;
}

}  // namespace weft
