#include "topology/programs.hpp"

#include <fmt/format.h>

#include "topology/limits.hpp"
#include "topology/value_kinds.hpp"

namespace weft::topology {
namespace {

bool is_url(std::string_view text) { return text.starts_with("http://") || text.starts_with("https://"); }

// Of sshd(8), AUTHORIZED_KEYS FILE FORMAT: a key is words with spaces between; a path has none here.
bool is_key(std::string_view text) { return text.find(' ') != std::string_view::npos; }

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string read_side_file(const Word& path, const Surroundings& surroundings, Complaints& complaints) {
  auto text = surroundings.read_file(resolve_path(surroundings.lab_file, path.text));
  if (text) return *std::move(text);
  complaints.add(path.place, text.error().details);
  return {};
}

std::string read_user_data(const Fields& fields, const Surroundings& surroundings, Complaints& complaints) {
  if (fields.has("user-data") && fields.has("user-data-file")) {
    complaints.add(fields.place("user-data-file"), "a virtual machine has user-data or user-data-file, not both");
    return {};
  }
  auto text = fields.text_or("user-data", "");
  if (const auto path = fields.text("user-data-file")) {
    text = read_side_file({*path, fields.place("user-data-file")}, surroundings, complaints);
  }
  if (text.size() > side_file_bytes_max) {
    complaints.add(fields.place("user-data"),
                   fmt::format("user-data is larger than {} KiB", side_file_bytes_max / 1024));
  }
  return text;
}

std::vector<std::string> read_ssh_keys(const Fields& fields, const Surroundings& surroundings, Complaints& complaints) {
  std::vector<std::string> keys;
  for (const auto& word : fields.words("ssh-keys")) {
    auto key = trimmed(is_key(word.text) ? word.text : read_side_file(word, surroundings, complaints));
    if (key.find('\n') != std::string::npos || !is_key(key)) {
      complaints.add(word.place, "expected one public key, like \"ssh-ed25519 AAAA... name\", or the file that has it");
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

Container make_container(const EndpointDraft& draft, const Surroundings& surroundings, Complaints& complaints) {
  const auto& fields = draft.fields;
  Container container{draft.name, draft.host, draft.attachment};
  container.image = fields.text_or("image", "");
  if (const auto rootfs = fields.text("rootfs")) container.rootfs = resolve_path(surroundings.lab_file, *rootfs);
  for (const auto& word : fields.words("command")) container.command.push_back(word.text);
  if (fields.has("command") && !fields.is_list("command"))
    container.command.insert(container.command.begin(), {"/bin/sh", "-c"});
  container.environment = fields.variables("environment");
  if (fields.has("image") && fields.has("rootfs")) {
    complaints.add(fields.place("rootfs"), "a container has an image or a rootfs, not both");
  }
  for (const auto* key : {"command", "environment"}) {
    if (!fields.has(key) || fields.has("image") || fields.has("rootfs")) continue;
    complaints.add(fields.place(key),
                   fmt::format("{} stands without image or rootfs: nothing runs in a bare namespace", key));
  }
  return container;
}

VirtualMachine make_machine(const EndpointDraft& draft, const Surroundings& surroundings, Complaints& complaints) {
  const auto& fields = draft.fields;
  VirtualMachine machine{draft.name, draft.host, draft.attachment};
  machine.sha256 = fields.text_or("sha256", "");
  if (const auto image = fields.text("image")) {
    machine.image = is_url(*image) ? *image : resolve_path(surroundings.lab_file, *image);
    if (is_url(*image) && machine.sha256.empty()) {
      complaints.add(fields.place("image"),
                     "an image from a URL needs its checksum; expected sha256 too, as its site or "
                     "sha256sum(1) has it");
    }
  } else if (fields.has("sha256")) {
    complaints.add(fields.place("sha256"), "sha256 stands without the image that it is of");
  }
  if (const auto memory = fields.text("memory")) machine.memory_mib = *parse_memory_mib(*memory);
  machine.vcpus = fields.number("vcpus").value_or(machine.vcpus);
  machine.user_data = read_user_data(fields, surroundings, complaints);
  machine.ssh_keys = read_ssh_keys(fields, surroundings, complaints);
  machine.login = fields.text_or("login", "");
  machine.password = fields.text_or("password", "");
  return machine;
}

}  // namespace weft::topology
