#include "lab/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace weft::lab {
namespace {

constexpr std::int64_t format_version = 1;

std::string path_in(const std::string& directory) { return directory + "/journal"; }

std::unexpected<Error> fail_on(const std::string& path, std::string_view what) {
  return fail("journal", fmt::format("cannot {} {}: {}", what, path, std::strerror(errno)));
}

std::string header_line(const Record& record) {
  return to_text(json::object{{"lab", record.lab}, {"file", record.file}, {"version", format_version}}) + '\n';
}

std::string line(std::string_view word, json::value value) {
  return to_text(json::object{{word, std::move(value)}}) + '\n';
}

Result<> take_header(const json::object& entry, Record& record) {
  const auto* lab = entry.if_contains("lab");
  const auto* file = entry.if_contains("file");
  const auto* version = entry.if_contains("version");
  if (version == nullptr || *version != format_version) {
    return fail("version", "written by another version of weft: take the lab down with that one");
  }
  if (lab == nullptr || !lab->is_string() || file == nullptr || !file->is_string())
    return fail("journal", "no lab named");
  record.lab = lab->get_string();
  record.file = file->get_string();
  return {};
}

Result<> take(const json::value& value, Record& record) {
  const auto* entry = value.if_object();
  if (entry == nullptr || entry->empty()) return fail("journal", "no object");
  if (entry->contains("lab")) return take_header(*entry, record);
  const auto& [word, content] = *entry->begin();
  if (word == "create") {
    auto object = TRY(object_from_json(content));
    const auto id = object.id;
    record.objects.insert_or_assign(id, Recorded{std::move(object), false});
    return {};
  }
  const auto id = TRY(id_from_json(content));
  const auto found = record.objects.find(id);
  if (found == record.objects.end()) return fail("journal", to_string(id) + " was never begun");
  if (word == "removed") {
    record.objects.erase(found);
  } else if (word == "created" || word == "remove") {
    found->second.is_whole = word == "created";
  } else {
    return fail("journal", fmt::format("no word \"{}\"", std::string_view(word)));
  }
  return {};
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail_on(path, "read");
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (text.size() > journal_bytes_max) {
    return fail("journal", fmt::format("{} has more than {} bytes: it is no journal of weft", path, journal_bytes_max));
  }
  return text;
}

Result<Replay> replay_file(const std::string& path) {
  auto result = replay(TRY(read_file(path)));
  if (!result) {
    const auto folder = path.substr(0, path.rfind('/'));
    const auto cure = fmt::format(
        "\n  it does not tell any more what the lab has made: end its simulated hosts, with all that is on them, by "
        "`for host in {}/hosts/*; do weft lab-host-end $host; done`, then remove {}",
        folder, folder);
    const auto& why = result.error();
    return fail(why.tag, fmt::format("{}, {}{}", path, why.details, why.tag == "version" ? "" : cure));
  }
  return result;
}

Result<> write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const auto count = ::write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_on(path, "write");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fdatasync(file) != 0) return fail_on(path, "write");
  return {};
}

Result<> write_anew(const std::string& path, const Record& record) {
  const auto fresh = path + ".new";
  const UniqueFd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file) return fail_on(fresh, "make");
  TRY(write_all(file.get(), lines_of(record), fresh));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return fail_on(path, "replace");
  return {};
}

}  // namespace

Result<Replay> replay(std::string_view text) {
  Replay result;
  for (;;) {
    const auto end = text.find('\n', result.bytes);
    if (end == std::string_view::npos) return result;
    const auto value = parse_json(text.substr(result.bytes, end - result.bytes));
    const auto taken = value ? take(*value, result.record) : Result<>(fail("journal", value.error().details));
    if (!taken) return fail(taken.error().tag, fmt::format("line {}: {}", result.lines + 1, taken.error().details));
    result.bytes = end + 1;
    ++result.lines;
  }
}

std::string lines_of(const Record& record) {
  auto text = header_line(record);
  for (const auto& [id, recorded] : record.objects) {
    text += line("create", to_json(recorded.object));
    if (recorded.is_whole) text += line("created", to_json(id));
  }
  return text;
}

Result<Record> Journal::read(const std::string& directory) { return TRY(replay_file(path_in(directory))).record; }

Result<Journal> Journal::open(const std::string& directory, const std::string& lab) {
  const auto path = path_in(directory);
  Replay now;
  now.record.lab = lab;
  struct stat is_there{};
  if (::stat(path.c_str(), &is_there) == 0 && is_there.st_size != 0) now = TRY(replay_file(path));
  if (now.record.lab.empty()) now.record.lab = lab;  // Its first line was torn.
  if (now.bytes == 0 || now.lines > 2 * now.record.objects.size() + journal_spare_lines_max) {
    TRY(write_anew(path, now.record));
    now.bytes = lines_of(now.record).size();
  }
  UniqueFd file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!file) return fail_on(path, "open");
  if (::ftruncate(file.get(), static_cast<off_t>(now.bytes)) != 0) return fail_on(path, "cut");
  return Journal(std::move(file), std::move(now.record));
}

Result<> Journal::append(const std::string& lines) { return write_all(file_.get(), lines, "the lab's journal"); }

Result<> Journal::note_file(const std::string& file) {
  if (record_.file == file) return {};
  record_.file = file;
  return append(header_line(record_));
}

Result<> Journal::intend(std::span<const Step> steps) {
  std::string text;
  for (const auto& [action, object] : steps) {
    if (action == Step::Action::create) {
      text += line("create", to_json(object));
      record_.objects.insert_or_assign(object.id, Recorded{object, false});
    } else if (action == Step::Action::remove) {
      text += line("remove", to_json(object.id));
      record_.objects.at(object.id).is_whole = false;
    }
  }
  return append(text);
}

Result<> Journal::finish(std::span<const Step> steps) {
  std::string text;
  for (const auto& [action, object] : steps) {
    if (action == Step::Action::start) continue;
    const bool is_creation = action == Step::Action::create;
    text += line(is_creation ? "created" : "removed", to_json(object.id));
    if (is_creation) {
      record_.objects.at(object.id).is_whole = true;
    } else {
      record_.objects.erase(object.id);
    }
  }
  return append(text);
}

}  // namespace weft::lab
