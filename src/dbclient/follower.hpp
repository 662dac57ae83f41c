// What a command that goes on after its first answer has in common with a daemon: it may go to the background then, is
// controlled by ovs-appctl(8), and hears what the server tells until somebody ends it.
#pragma once

#include <functional>

#include "dbclient/command.hpp"
#include "unixctl/command_table.hpp"

namespace weft::dbclient {

class Follower {
 public:
  explicit Follower(Context& context) : context_(context) {}

  // A command for ovs-appctl, beside "exit" and those that every daemon has. Before run(); what it refers to must
  // outlive run().
  void add(unixctl::Command command);

  // While false, nothing is read from the server.
  void set_reading(bool is_reading) { is_reading_ = is_reading; }
  bool is_reading() const { return is_reading_; }

  // Goes to the background if that is wanted; then calls `hear` with each notification. Returns when told to exit; a
  // signal to end ends the process. Errors: "connection lost", those of `hear`, and a control socket that cannot be
  // had.
  using Hear = std::function<Result<>(const json::object& notification)>;
  Result<> run(Hear hear);

 private:
  class Loop;
  Context& context_;
  unixctl::CommandTable commands_;
  Loop* loop_ = nullptr;  // While run() runs.
  bool is_reading_ = true;
};

}  // namespace weft::dbclient
