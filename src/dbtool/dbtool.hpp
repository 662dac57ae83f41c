// The program ovsdb-tool, as a function: what one does to database files that nobody serves (ovsdb-tool(1)).
#pragma once

#include <cstdio>
#include <span>
#include <string>

namespace weft::dbtool {

// `arguments` without the program's name. Returns the exit status: 0; 1 after an error, told on `err`; 2 where a
// question (compare-versions, db-is-...) has the answer no. Of wrong options getopt_long(3) tells on standard error.
int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err);

}  // namespace weft::dbtool
