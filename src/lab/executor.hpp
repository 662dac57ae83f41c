// Carries steps out: wave by wave, the hosts of a wave side by side, each intent in the journal before its act.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "hosts/shell.hpp"
#include "lab/journal.hpp"

namespace weft::lab {

// By host: where its objects' commands run. The empty name is this machine.
using Places = std::map<std::string, hosts::Place>;
// Of the objects of kind host among `objects`; `lab` names the lock on real hosts.
Places places_of(std::span<const Object> objects, const std::string& lab);

// How objects come to be and go. Apart from Executor so that it can be tried without hosts.
class Carrier {
 public:
  virtual ~Carrier() = default;
  // The steps of one wave on one host. Called by several threads, each for another host.
  virtual Result<> carry_out(const std::string& host, std::span<const Step> steps) = 0;
};

// What is told about a wave as it goes on; host_is_done() in any thread.
class Audience {
 public:
  virtual ~Audience() = default;
  virtual void wave_begins(std::span<const Step> wave, std::size_t hosts) = 0;
  virtual void host_is_done() = 0;
  virtual void wave_ends(const Result<>& result) = 0;
};

// Stops with the wave in which a host fails. Errors: of the first host that failed, once the others of its wave have
// ended. What was done until then is recorded.
Result<> carry_out(std::span<const Step> steps, Journal& journal, Carrier& carrier, Audience& audience);
// Goes on, but leaves alone the hosts in `failed`, to which it adds those that fail. Errors: as above.
Result<> carry_out(std::span<const Step> steps, Journal& journal, Carrier& carrier, Audience& audience,
                   std::set<std::string>& failed);

}  // namespace weft::lab
