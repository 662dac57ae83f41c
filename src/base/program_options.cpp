#include "base/program_options.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft {
namespace {

// What getopt_long returns, asked with "-", for an argument that is no option.
constexpr int id_no_option = 1;

template <class... Args>
std::unexpected<Error> usage(fmt::format_string<Args...> format, Args&&... args) {
  return fail("usage", fmt::format(format, std::forward<Args>(args)...));
}

// Why getopt_long refused `argument`, in words.
std::unexpected<Error> refused(std::span<const option> known, std::string_view argument, bool lacks_argument) {
  if (!argument.starts_with("--")) {
    const auto letter = static_cast<char>(optopt);
    if (lacks_argument) return usage("option requires an argument -- '{}'", letter);
    return usage("invalid option -- '{}'", letter);
  }
  if (lacks_argument) return usage("option '{}' requires an argument", argument);
  const auto equals = argument.find('=');
  const auto name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
  std::string possibilities;
  std::size_t count = 0;
  bool is_whole_name = false;
  for (const auto& each : known) {
    if (!each.name || !std::string_view(each.name).starts_with(name)) continue;
    possibilities += fmt::format(" '--{}'", each.name);
    is_whole_name = is_whole_name || each.name == name;
    ++count;
  }
  if (count == 0) return usage("unrecognized option '{}'", argument);
  if (count > 1 && !is_whole_name) return usage("option '{}' is ambiguous; possibilities:{}", argument, possibilities);
  return usage("option '--{}' doesn't allow an argument", name);
}

}  // namespace

Result<std::vector<std::string>> read_options(std::span<const std::string> arguments, std::span<const option> known,
                                              std::string_view short_options, OptionsEnd end,
                                              const ApplyOption& apply) {
  std::vector<std::string> copies{""};  // The program's name, which only getopt's own messages would tell.
  copies.insert(copies.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& copy : copies) argv.push_back(copy.data());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(copies.size());
  std::vector<option> ended(known.begin(), known.end());
  ended.push_back({});
  const auto letters = (end == OptionsEnd::first_argument ? "+:" : "-:") + std::string(short_options);

  std::vector<std::string> rest;
  opterr = 0;
  optind = 0;  // glibc: begin anew.
  while (true) {
    const int before = std::max(optind, 1);
    const int id = getopt_long(argc, argv.data(), letters.c_str(), ended.data(), nullptr);
    if (id == -1) break;
    if (id == '?' || id == ':') return refused(known, argv[before], id == ':');
    if (id == id_no_option) {
      rest.emplace_back(optarg);
    } else {
      TRY(apply(id, optarg));
    }
  }
  rest.insert(rest.end(), argv.data() + optind, argv.data() + argc);
  return rest;
}

std::vector<option> join_options(std::initializer_list<std::span<const option>> tables) {
  std::vector<option> joined;
  for (const auto& table : tables) joined.insert(joined.end(), table.begin(), table.end());
  return joined;
}

}  // namespace weft
