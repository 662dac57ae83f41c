// Numbers as people read them: three digits, and a letter for the thousands.
#pragma once

#include <cstdint>
#include <string>

namespace weft::inspect {

std::string count_text(double count);            // "0", "42", "1.23 k", "45.6 M"
std::string bits_text(double bytes_per_second);  // "1.20 Gbit/s"
std::string bytes_text(double bytes);            // "1.50 kB"

}  // namespace weft::inspect
