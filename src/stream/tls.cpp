#include "stream/tls.hpp"

#include <sys/stat.h>

#include "base/log.hpp"

namespace weft::stream {
namespace {

const LogModule log("stream_ssl");

constexpr std::string_view no_ca = "none";

}  // namespace

void Tls::configure(TlsSettings settings) {
  if (settings == settings_) return;
  settings_ = std::move(settings);
  context_.reset();
}

Tls::Prints Tls::look_at_files() const {
  Prints prints;
  for (const auto& path : {settings_.private_key, settings_.certificate, settings_.ca_cert, settings_.peer_ca_cert}) {
    if (path.empty() || path == no_ca) continue;
    struct stat status{};
    if (::stat(path.c_str(), &status) < 0) status = {};
    prints[path] = {static_cast<long long>(status.st_ino), status.st_size, status.st_mtim.tv_sec,
                    status.st_mtim.tv_nsec};
  }
  return prints;
}

bool Tls::must_bootstrap() const {
  const auto ca_cert = made_from_.find(settings_.ca_cert);
  return settings_.bootstrap && ca_cert != made_from_.end() && ca_cert->second == Print{};
}

Result<> Tls::refresh() {
  auto prints = look_at_files();
  if (context_ && prints == made_from_) return {};
  const bool is_first = !context_ || must_bootstrap();
  made_from_ = std::move(prints);
  auto made = make_tls_context(settings_, settings_.ca_cert != no_ca && !must_bootstrap());
  if (made) {
    if (settings_.ca_cert == no_ca && is_first)
      log.warning("Peer certificate validation disabled (this is a security risk)");
    context_ = *std::move(made);
    return {};
  }
  if (is_first) {
    context_.reset();
    return std::unexpected(std::move(made).error());
  }
  log.error("{}; going on with what was there before", made.error().details);
  return {};
}

Result<std::unique_ptr<TlsSession>> Tls::start(int fd, TlsSide side, std::string name) {
  TRY(refresh());
  return std::make_unique<TlsSession>(context_.get(), fd, side, std::move(name),
                                      must_bootstrap() ? settings_.ca_cert : std::string());
}

}  // namespace weft::stream
