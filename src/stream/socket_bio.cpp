#include "stream/socket_bio.hpp"

#include <openssl/bio.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

#include "base/check.hpp"

namespace weft::stream {
namespace {

int fd_of(BIO* bio) { return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))); }

int read_bytes(BIO* bio, char* buffer, std::size_t size, std::size_t* moved) {
  BIO_clear_retry_flags(bio);
  ssize_t got = 0;
  do {
    got = ::recv(fd_of(bio), buffer, size, 0);
  } while (got < 0 && errno == EINTR);
  if (got < 0 && errno == EAGAIN) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  *moved = got > 0 ? static_cast<std::size_t>(got) : 0;
  return got > 0 ? 1 : 0;
}

int write_bytes(BIO* bio, const char* buffer, std::size_t size, std::size_t* moved) {
  BIO_clear_retry_flags(bio);
  ssize_t put = 0;
  do {
    put = ::send(fd_of(bio), buffer, size, MSG_NOSIGNAL);
  } while (put < 0 && errno == EINTR);
  if (put < 0 && errno == EAGAIN) BIO_set_retry_write(bio);
  *moved = put > 0 ? static_cast<std::size_t>(put) : 0;
  return put > 0 ? 1 : 0;
}

long control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return 0;
}

BIO_METHOD* make_method() {
  auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "weft socket");
  CHECK(method);
  BIO_meth_set_read_ex(method, &read_bytes);
  BIO_meth_set_write_ex(method, &write_bytes);
  BIO_meth_set_ctrl(method, &control);
  return method;
}

}  // namespace

BIO* make_socket_bio(int fd) {
  static BIO_METHOD* const method = make_method();
  auto* bio = BIO_new(method);
  CHECK(bio);
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace weft::stream
