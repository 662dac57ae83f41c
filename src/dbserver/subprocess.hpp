// --run=COMMAND: a shell command that the server lives for.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>
#include <string>

#include "base/error.hpp"

namespace weft::dbserver {

class Subprocess {
 public:
  // `on_end` is called once, from the loop; its error tells how the command failed.
  Subprocess(boost::asio::io_context& loop, std::string command, std::function<void(Result<>)> on_end);
  Result<> start();

 private:
  void await_end();

  std::string command_;
  std::function<void(Result<>)> on_end_;
  boost::asio::signal_set child_ended_;
  pid_t pid_ = -1;
};

}  // namespace weft::dbserver
