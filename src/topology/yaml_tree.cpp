#include "topology/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <sstream>

#include "topology/limits.hpp"

namespace weft::topology {
namespace {

constexpr std::string_view merge_key = "<<";

using Kind = YamlNode::Kind;
using Building = std::shared_ptr<YamlNode>;

// Throws as yaml-cpp does: nothing else ends its parser early.
[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& text) { throw YAML::ParserException(mark, text); }

Place place_of(const YAML::Mark& mark) { return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1}; }

YAML::Mark mark_of(Place place) {
  YAML::Mark mark;
  mark.line = place.line - 1;
  mark.column = place.column - 1;
  return mark;
}

// Puts the tree together as the parser meets its parts.
class Builder : public YAML::EventHandler {
 public:
  YamlTree tree() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) refuse(mark, "a second document begins; a lab file has one");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add_leaf(mark, anchor, {}); }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    constexpr std::string_view text_tag = "tag:yaml.org,2002:str";
    const bool is_quoted = tag == "!" || tag == text_tag;
    if (!is_quoted) refuse_tag(mark, tag);
    YamlNode node;
    node.kind = Kind::scalar;
    node.text = value;
    node.is_quoted = is_quoted;
    add_leaf(mark, anchor, std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(mark, "an alias stands inside of what it means");
    add(mark, found->second);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Kind::list);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Kind::mapping);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override {
    merge(open_.back());
    close();
  }

 private:
  struct Open {
    Building node = {};
    YAML::anchor_t anchor = YAML::NullAnchor;
    std::optional<YamlEntry> entry = {};     // A key that waits for its value.
    std::map<std::string, Place> keys = {};  // Of a mapping, so far.
  };

  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?") refuse(mark, fmt::format("the tag \"{}\" has no meaning in a lab file", tag));
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Kind kind) {
    refuse_tag(mark, tag);
    if (open_.size() == nesting_max) refuse(mark, fmt::format("more than {} levels inside one another", nesting_max));
    auto node = std::make_shared<YamlNode>();
    node->kind = kind;
    node->place = place_of(mark);
    open_.push_back({std::move(node), anchor});
  }

  void close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    const auto mark = mark_of(done.node->place);
    finish(mark, done.anchor, std::move(done.node));
  }

  void add_leaf(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode node) {
    node.place = place_of(mark);
    finish(mark, anchor, std::make_shared<YamlNode>(std::move(node)));
  }

  void finish(const YAML::Mark& mark, YAML::anchor_t anchor, Building node) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    add(mark, node);
  }

  // `node` has its place in what is open.
  void add(const YAML::Mark& mark, const YamlTree& node) {
    if (open_.empty()) {
      root_ = node;
      return;
    }
    auto& [parent, anchor, entry, keys] = open_.back();
    parent->size += node->size;
    if (parent->size > nodes_max) refuse(mark, fmt::format("more than {} values, with aliases followed", nodes_max));
    if (parent->kind == Kind::list) {
      parent->items.push_back(node);
    } else if (entry) {
      entry->value = node;
      parent->entries.push_back(*std::move(entry));
      entry.reset();
    } else {
      if (node->kind != Kind::scalar) refuse(mark, "a key is no text");
      const auto [other, is_new] = keys.emplace(node->text, place_of(mark));
      if (!is_new) {
        refuse(mark, fmt::format("\"{}\" stands here again; first on line {}", node->text, other->second.line));
      }
      entry = YamlEntry{node->text, place_of(mark), {}};
    }
  }

  // yaml.org/type/merge: the keys of the mapping behind "<<", or of each in a list, where they are not given.
  static void merge(Open& open) {
    auto& mapping = *open.node;
    const auto found = std::ranges::find(mapping.entries, merge_key, &YamlEntry::key);
    if (found == mapping.entries.end()) return;
    const auto merged = *found;
    mapping.entries.erase(found);
    std::vector<YamlTree> sources = {merged.value};
    if (merged.value->kind == Kind::list) sources = merged.value->items;
    for (const auto& source : sources) {
      if (source->kind != Kind::mapping)
        refuse(mark_of(merged.place), "\"<<\" stands before a mapping, or a list of them");
      for (const auto& entry : source->entries) {
        if (open.keys.emplace(entry.key, entry.place).second) mapping.entries.push_back(entry);
      }
    }
  }

  YamlTree root_ = {};
  std::vector<Open> open_ = {};
  std::map<YAML::anchor_t, YamlTree> anchors_ = {};
};

}  // namespace

const YamlEntry* YamlNode::find(std::string_view key) const {
  const auto found = std::ranges::find(entries, key, &YamlEntry::key);
  return found == entries.end() ? nullptr : &*found;
}

Result<YamlTree> read_yaml(const std::string& text, const std::string& name) {
  Complaints complaints(name);
  Builder builder;
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    complaints.add(place_of(error.mark), error.msg);
    return std::unexpected(complaints.error());
  }
  if (const auto tree = builder.tree()) return tree;
  return std::make_shared<YamlNode>();  // An empty file.
}

}  // namespace weft::topology
