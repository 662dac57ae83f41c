// The questions of one probe from this host's endpoints: which are open, and how the others ended. Pure.
#pragma once

#include <vector>

#include "prober/endpoint.hpp"

namespace weft::prober {

class Questions {
 public:
  Questions(Probe probe, std::size_t endpoint_count) : probe_(probe), endpoint_count_(endpoint_count) {}

  void add(std::uint32_t from, const std::vector<std::uint32_t>& to);
  Probe probe() const { return probe_; }

  struct Question {
    std::uint32_t from = 0, to = 0;
    bool operator==(const Question&) const = default;
  };
  std::vector<Question> open() const;  // Those of one asker together.
  std::size_t open_count() const { return open_count_; }
  bool is_open(std::uint32_t from, std::uint32_t to) const;

  // Ends a question that is open; others are left alone.
  void end(std::uint32_t from, std::uint32_t to, Outcome outcome);
  // Ends it as answered, or, where it was asked more than once, as answered late.
  void answer(std::uint32_t from, std::uint32_t to) {
    end(from, to, rounds_ > 0 ? Outcome::answered_late : Outcome::answered);
  }
  // What becomes of it if no answer comes.
  void suspect(std::uint32_t from, std::uint32_t to, Outcome outcome);
  // What is open is asked again from now on.
  void next_round() { ++rounds_; }

  // What is open has remained without an answer.
  std::vector<Row> rows() const;

 private:
  struct Asker {
    std::uint32_t number = 0;
    std::vector<bool> is_open = {};
    std::string outcomes = {};
  };
  Asker* asker(std::uint32_t number);
  const Asker* asker(std::uint32_t number) const;

  Probe probe_;
  std::size_t endpoint_count_;
  std::vector<Asker> askers_;  // In the order of their numbers.
  std::size_t open_count_ = 0;
  unsigned rounds_ = 0;
};

}  // namespace weft::prober
