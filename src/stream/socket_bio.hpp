// How OpenSSL reaches a socket of ours: as its own BIO, but a peer that is gone is an error and not the signal SIGPIPE.
#pragma once

#include <openssl/types.h>

namespace weft::stream {

// `fd`: non-blocking, a socket, and not owned.
BIO* make_socket_bio(int fd);

}  // namespace weft::stream
