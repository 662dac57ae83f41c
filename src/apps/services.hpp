// What the bridges serve, at work: requests of guests from the datapath to their responders and back, leases, metadata,
// router advertisements. Includes Boost.Asio: for few source files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "kernel/kernel_host.hpp"
#include "reconcile/reconciler.hpp"

namespace weft {

class Services {
 public:
  // All outlive this. `lease_file`: where leases are kept.
  struct Subjects {
    kernel::KernelHost& host;
    reconcile::Reconciler& reconciler;
    std::string lease_file = {};
  };
  Services(boost::asio::io_context& loop, const Subjects& subjects);
  ~Services();

  // From now on it answers. After the first pass.
  void start();
  // To be called after each pass.
  void note_pass();
  // The leases are on the disk.
  void stop();

  // The command weft/leases, of a bridge or all.
  Result<std::string> describe_leases(const std::string& bridge) const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace weft
