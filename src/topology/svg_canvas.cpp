#include "topology/svg_canvas.hpp"

#include <fmt/format.h>

#include <iterator>

#include "base/xml_text.hpp"

namespace weft::topology {

void SvgCanvas::rectangle(std::string_view classes, const Box& box, double radius) {
  fmt::format_to(std::back_inserter(body_),
                 R"(<rect class="{}" x="{:g}" y="{:g}" width="{:g}" height="{:g}" rx="{:g}"/>)"
                 "\n",
                 classes, box.x, box.y, box.width, box.height, radius);
}

void SvgCanvas::line(std::string_view classes, double x1, double y1, double x2, double y2) {
  fmt::format_to(std::back_inserter(body_),
                 R"(<line class="{}" x1="{:g}" y1="{:g}" x2="{:g}" y2="{:g}"/>)"
                 "\n",
                 classes, x1, y1, x2, y2);
}

void SvgCanvas::path(std::string_view classes, std::string_view points) {
  fmt::format_to(std::back_inserter(body_),
                 R"(<path class="{}" d="{}"/>)"
                 "\n",
                 classes, points);
}

void SvgCanvas::circle(std::string_view classes, double x, double y, double radius) {
  fmt::format_to(std::back_inserter(body_),
                 R"(<circle class="{}" cx="{:g}" cy="{:g}" r="{:g}"/>)"
                 "\n",
                 classes, x, y, radius);
}

void SvgCanvas::text(std::string_view classes, double x, double y, std::string_view text) {
  fmt::format_to(std::back_inserter(body_),
                 R"(<text class="{}" x="{:g}" y="{:g}">{}</text>)"
                 "\n",
                 classes, x, y, escape_xml(text));
}

std::string SvgCanvas::finish(double width, double height) const {
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:g} {1:g}" width="{0:g}" height="{1:g}" role="img">
<title>{2}</title>
<style>
{3}</style>
{4}</svg>
)",
      width, height, escape_xml(title_), style_, body_);
}

}  // namespace weft::topology
