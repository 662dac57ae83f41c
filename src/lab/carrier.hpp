// Makes and takes away what a lab consists of, on its hosts.
#pragma once

#include <mutex>

#include "lab/executor.hpp"

namespace weft::lab {

class HostCarrier : public Carrier {
 public:
  // `programs`: the folder of Weft's programs, for the simulated hosts' PATH.
  HostCarrier(Places places, std::string programs) : places_(std::move(places)), programs_(std::move(programs)) {}

  Result<> carry_out(const std::string& host, std::span<const Step> steps) override;
  // Runs a script on a host; a status other than 0 is an error.
  Result<std::string> ask(const std::string& host, const std::string& script);
  const Places& places() const { return places_; }

 private:
  Result<> make_host(const std::string& host);
  Result<> end_host(const std::string& host);
  // Those of the claims of `steps` that are there on a real host.
  Result<std::vector<std::string>> found_claims(const std::string& host, std::span<const Step> steps);
  Result<hosts::Shell*> shell_of(const std::string& host);
  std::string variables() const;

  Places places_;
  std::string programs_;
  std::mutex mutex_;  // Of shells_; a shell itself belongs to the thread that works on its host.
  std::map<std::string, hosts::Shell> shells_;
};

}  // namespace weft::lab
