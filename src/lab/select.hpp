// Which lab a command is about.
#pragma once

#include <string>

#include "lab/journal.hpp"
#include "lab/lab_folder.hpp"

namespace weft::lab {

// The file that is meant: `given`, else weft.yaml or lab.yaml in the working directory. Absolute.
Result<std::string> choose_file(const std::string& given);

// The lab that is there, by its name or its file; if `given` is empty, the one of the working directory's file, else
// the only one there is.
Result<LabFolder> choose_lab(const std::string& given);

// Something of a lab in which commands run, by its name.
struct Node {
  std::string lab = {};
  Object object = {};
  Record record = {};  // Of the lab.
};
// In the lab `lab`, or, if that is empty, in any.
Result<Node> find_node(const std::string& name, const std::string& lab);

}  // namespace weft::lab
