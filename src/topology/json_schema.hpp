// The lab file's JSON Schema (draft 7), for editors; made from the table of keys that the parser checks by.
#pragma once

#include <string>

namespace weft::topology {

// As text, with a line feed at its end. It accepts all that read_text() accepts; what only a look at the whole file can
// tell it does not refuse.
std::string lab_schema();

}  // namespace weft::topology
