#include "lab/executor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <thread>

namespace weft::lab {
namespace {

constexpr std::size_t hosts_at_once_max = 64;

struct Job {
  std::string host;
  Steps steps;
  Result<> result;
};

std::vector<Job> jobs_of(std::span<const Step> wave) {
  std::map<std::string, Steps> by_host;
  for (const auto& step : wave) by_host[step.object.id.host].push_back(step);
  std::vector<Job> jobs;
  for (auto& [host, steps] : by_host) jobs.push_back({host, std::move(steps), {}});
  return jobs;
}

void run(std::vector<Job>& jobs, Carrier& carrier, Audience& audience) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) {
      jobs[i].result = carrier.carry_out(jobs[i].host, jobs[i].steps);
      audience.host_is_done();
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < std::min(jobs.size(), hosts_at_once_max); ++i) others.emplace_back(work);
  work();
}

// Those of `whole` on hosts that have not failed. Adds those that fail.
Result<> carry_out_wave(std::span<const Step> whole, Journal& journal, Carrier& carrier, Audience& audience,
                        std::set<std::string>& failed) {
  Steps wave;
  std::ranges::copy_if(whole, std::back_inserter(wave),
                       [&](const Step& step) { return !failed.contains(step.object.id.host); });
  if (wave.empty()) return {};
  TRY(journal.intend(wave));
  auto jobs = jobs_of(wave);
  audience.wave_begins(wave, jobs.size());
  run(jobs, carrier, audience);
  Result<> result;
  for (const auto& job : jobs) {
    if (job.result) {
      TRY(journal.finish(job.steps));
      continue;
    }
    failed.insert(job.host);
    if (result) result = job.result;
  }
  audience.wave_ends(result);
  return result;
}

}  // namespace

Places places_of(std::span<const Object> objects, const std::string& lab) {
  Places places = {{"", {.name = "this machine"}}};
  for (const auto& object : objects) {
    if (object.id.kind != Kind::host) continue;
    hosts::Place place{.name = object.id.name, .directory = fact(object, "directory"), .ssh = fact(object, "ssh")};
    if (place.is_remote()) place.lock = fmt::format("/run/weft-lab-{}.lock", lab);
    places.emplace(object.id.name, std::move(place));
  }
  return places;
}

Result<> carry_out(std::span<const Step> steps, Journal& journal, Carrier& carrier, Audience& audience) {
  std::set<std::string> failed;
  while (!steps.empty()) {
    const auto wave = steps.first(wave_size(steps));
    steps = steps.subspan(wave.size());
    TRY(carry_out_wave(wave, journal, carrier, audience, failed));
  }
  return {};
}

Result<> carry_out(std::span<const Step> steps, Journal& journal, Carrier& carrier, Audience& audience,
                   std::set<std::string>& failed) {
  Result<> result;
  while (!steps.empty()) {
    const auto wave = steps.first(wave_size(steps));
    steps = steps.subspan(wave.size());
    const auto of_wave = carry_out_wave(wave, journal, carrier, audience, failed);
    if (result) result = of_wave;
  }
  return result;
}

}  // namespace weft::lab
