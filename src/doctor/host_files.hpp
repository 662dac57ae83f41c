// Files and programs of this host, in the forms that the doctor asks for.
#pragma once

#include <optional>
#include <string>

#include "doctor/facts.hpp"

namespace weft::doctor {

// More of a file, or of a program's output, is not read.
inline constexpr std::size_t text_bytes_max = std::size_t{16} << 20U;

// None: it is not there, or not for us.
std::optional<std::string> read_text(const std::string& path);
std::optional<int> read_number(const std::string& path);

// What a shell command printed; its errors go nowhere. None: it failed.
std::optional<std::string> output_of(const std::string& command);

// The path of a program in PATH, or where system programs are; empty: none.
std::string find_program(const std::string& name);

// Of a kernel module by its name, without loading it.
Module find_module(const std::string& name);

// Whether somebody accepts connections at a unix socket, and who. None: nobody.
std::optional<ProcessFacts> find_server(const std::string& socket_path);

}  // namespace weft::doctor
