// Datum: the value of a column (RFC 7047 section 5.1 <value>): a scalar, a set or a map.
// Immutable and shared: copying one costs a reference count, so copying a row that refers to ten thousand
// ports does not copy ten thousand references. For one thread.
#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ovsdb/atom.hpp"

namespace weft::ovsdb {

class Datum {
 public:
  Datum() = default;  // The empty set, and the empty map.
  static Datum scalar(Atom atom);
  // Sorts; of equal keys one stays.
  static Datum set(std::vector<Atom> atoms);
  // Sorts by key; of equal keys the first one stays.
  static Datum map(std::vector<std::pair<Atom, Atom>> pairs);
  // Already sorted and unique; values empty (a set) or as many as keys (a map).
  static Datum from_sorted(std::vector<Atom> keys, std::vector<Atom> values = {});

  std::size_t size() const { return body_ ? body_->size : 0; }
  bool empty() const { return size() == 0; }
  std::span<const Atom> keys() const { return {body_ ? body_->atoms() : nullptr, size()}; }
  // Empty for a set.
  std::span<const Atom> values() const {
    if (!body_ || !body_->is_map) return {};
    return {body_->atoms() + body_->size, body_->size};
  }

  // Known to be equal without a look at the elements.
  bool is_same_object(const Datum& other) const { return body_ == other.body_; }

  // Position of the key by binary search.
  std::optional<std::size_t> find(const Atom& key) const;
  bool contains(const Atom& key) const { return find(key).has_value(); }
  // The map's value for the key, or nullptr.
  const Atom* value_of(const Atom& key) const;
  // The element of type T if there is exactly one, or nullptr.
  template <class T>
  const T* single() const {
    return size() == 1 ? std::get_if<T>(body_->atoms()) : nullptr;
  }
  // The map's string value for the string key, or nullptr.
  const std::string* string_at(std::string_view key) const;

  // How many elements are the same at the beginning of both, and at the end of both (not counting the former). What a
  // change of one element in a large set leaves to look at is little.
  struct CommonEnds {
    std::size_t first;
    std::size_t last;
  };
  friend CommonEnds common_ends(const Datum& a, const Datum& b);

  friend bool operator==(const Datum& a, const Datum& b);
  // Lexicographic over sorted elements, as OVSDB compares.
  friend std::strong_ordering compare(const Datum& a, const Datum& b);

 private:
  // One piece of memory: a database has a datum for each column of each row. Behind it stand the keys, and in a map as
  // many values. Invariant: keys sorted and unique; never empty.
  struct Body {
    mutable std::size_t references = 0;
    std::size_t size;
    bool is_map;

    static Body* allocate(std::size_t size, bool is_map);  // Its atoms are yet to be made.
    void destroy() const;
    const Atom* atoms() const { return reinterpret_cast<const Atom*>(this + 1); }
    Atom* atoms() { return reinterpret_cast<Atom*>(this + 1); }
    friend void intrusive_ptr_add_ref(const Body* body) { ++body->references; }
    friend void intrusive_ptr_release(const Body* body) {
      if (--body->references == 0) body->destroy();
    }
  };
  static_assert(sizeof(Body) % alignof(Atom) == 0);
  boost::intrusive_ptr<const Body> body_;  // Null: empty.
};

}  // namespace weft::ovsdb
