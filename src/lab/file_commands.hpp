// weft lab init, graph and schema: about lab files, whether or not a lab is up.
#pragma once

#include <cstdio>
#include <string>

#include "base/error.hpp"

namespace weft::lab {

struct InitCommand {
  std::string file = "weft.yaml";
};
enum class PictureFormat : std::uint8_t { text, mermaid, svg };
struct GraphCommand {
  std::string file = {};
  PictureFormat format = PictureFormat::text;
};
struct SchemaCommand {};

// Error "exists": a file that is there is not touched.
Result<int> run(const InitCommand& command, std::FILE* out);
Result<int> run(const GraphCommand& command, std::FILE* out);
Result<int> run(const SchemaCommand& command, std::FILE* out);

}  // namespace weft::lab
