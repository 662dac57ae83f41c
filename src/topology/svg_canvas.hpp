// SVG elements, one after another (W3C SVG 1.1); every text is escaped.
#pragma once

#include <string>
#include <string_view>

namespace weft::topology {

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  double right() const { return x + width; }
  double bottom() const { return y + height; }
};

class SvgCanvas {
 public:
  // `style`: a style sheet. `title`: what a reader without eyes is told.
  SvgCanvas(std::string_view style, std::string_view title) : style_(style), title_(title) {}

  // `classes`: of the style sheet, with a space between.
  void rectangle(std::string_view classes, const Box& box, double radius);
  void line(std::string_view classes, double x1, double y1, double x2, double y2);
  // Straight from point to point: "M x y H x V y".
  void path(std::string_view classes, std::string_view points);
  void circle(std::string_view classes, double x, double y, double radius);
  // Its base line begins, ends (class "end") or has its middle (class "middle") at the point.
  void text(std::string_view classes, double x, double y, std::string_view text);

  std::string finish(double width, double height) const;

 private:
  std::string style_, title_;
  std::string body_ = {};
};

}  // namespace weft::topology
