// The first contact with peers whose CA nobody has given us: --bootstrap-ca-cert of ovs-vsctl(8).
#pragma once

#include <openssl/types.h>

#include <string>

#include "base/error.hpp"

namespace weft::stream {

// After a handshake that checked nothing: keeps the last certificate of the peer's chain as the new file `path` (0444),
// provided that it is a CA of its own and that the peer's certificate is signed under it. Who listens in at this first
// contact can put himself in the peer's place; at every later one he cannot. Errors: "bootstrap failed".
Result<> bootstrap_ca_cert(SSL* ssl, const std::string& path);

}  // namespace weft::stream
