// How a lab's SVG looks: colours of both schemes, and how wide texts are.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace weft::topology {

// Where the viewer is dark, the picture is, too; its own page lies behind it in either case.
// (No custom properties: rsvg-convert and other renderers of pages' pictures don't know them.)
inline constexpr std::string_view svg_style =
    R"(text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1b2330; }
.title { font-size: 20px; font-weight: 600; }
.name { font-weight: 600; font-size: 15px; }
.bold { font-weight: 600; }
.small { font-size: 11px; }
.code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 12px; }
.end { text-anchor: end; }
.middle { text-anchor: middle; }
.faint { fill: #5c6778; }
.page { fill: #f4f6f9; }
.card { fill: #ffffff; stroke: #cfd6e0; }
.row { fill: #f1f4f8; }
.folded { fill: none; stroke: #cfd6e0; stroke-dasharray: 4 3; }
.bridge { fill: #e6effd; stroke: #7da3e0; }
.tunnel { fill: #fcf0da; stroke: #d7a544; }
.device { fill: #ffffff; stroke: #8592a6; }
.wire { fill: none; stroke: #8592a6; stroke-width: 1.5; }
.bus { fill: none; stroke: #8592a6; stroke-width: 4; stroke-linecap: round; }
.overlay { fill: none; stroke: #d7a544; stroke-width: 2; }
.up { fill: #2fa35f; }
.net0 { fill: #3b82f6; } .net1 { fill: #e0822c; } .net2 { fill: #2ba58d; } .net3 { fill: #a855c9; }
.net4 { fill: #d1495b; } .net5 { fill: #7a9a1f; } .net6 { fill: #0e9fc4; } .net7 { fill: #8d6e63; }
@media (prefers-color-scheme: dark) {
text { fill: #e7ebf2; }
.faint { fill: #9ba7b9; }
.page { fill: #12161d; }
.card { fill: #1c222c; stroke: #384456; }
.row { fill: #262e3a; }
.folded { stroke: #47546a; }
.bridge { fill: #20335a; stroke: #5d88d8; }
.tunnel { fill: #42331a; stroke: #c4963f; }
.device { fill: #1c222c; stroke: #6f7d92; }
.wire, .bus { stroke: #6f7d92; }
.overlay { stroke: #c4963f; }
}
.down { fill: #dc4b4b; }
.broken { stroke: #dc4b4b; stroke-width: 2; }
)";

inline constexpr std::size_t network_colours = 8;

// Pixels a character takes at most, on average, in fonts that are usual.
inline constexpr double text_pixels = 7.9, bold_pixels = 8.6, code_pixels = 7.3, small_pixels = 6.8;

}  // namespace weft::topology
