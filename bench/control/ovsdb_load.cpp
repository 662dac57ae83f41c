// ovsdb_load: work for an OVSDB server, any server, and how long it took, as a line of JSON. It uses nothing of Weft's
// own code, so that it measures both sides alike, and does little itself: requests are made before, replies only
// counted.
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/program.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* usage =
    "usage: ovsdb_load SOCKET fill ROWS\n"
    "       ovsdb_load SOCKET update COUNT IN_FLIGHT [durable]\n"
    "       ovsdb_load SOCKET monitor CLIENTS COUNT\n";

// Counts whole JSON objects in a stream, without looking at what they say.
class ObjectCounter {
 public:
  std::size_t count(std::string_view bytes) {
    std::size_t objects = 0;
    for (const char c : bytes) {
      if (is_in_string_) {
        if (is_escaped_) {
          is_escaped_ = false;
        } else if (c == '\\') {
          is_escaped_ = true;
        } else if (c == '"') {
          is_in_string_ = false;
        }
      } else if (c == '"') {
        is_in_string_ = true;
      } else if (c == '{') {
        ++depth_;
      } else if (c == '}' && --depth_ == 0) {
        ++objects;
      }
    }
    return objects;
  }

 private:
  int depth_ = 0;
  bool is_in_string_ = false, is_escaped_ = false;
};

class Connection {
 public:
  explicit Connection(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error(path + " is too long");
    path.copy(address.sun_path, path.size());
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) < 0) {
      throw std::runtime_error(path + ": " + std::strerror(errno));
    }
  }
  Connection(Connection&& other) noexcept : fd_(std::exchange(other.fd_, -1)), counter_(other.counter_) {}
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }

  void send(std::string_view text) {
    while (!text.empty()) {
      const auto size = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (size < 0) throw std::runtime_error(std::string("send: ") + std::strerror(errno));
      text.remove_prefix(static_cast<std::size_t>(size));
    }
  }
  // How many messages have come; waits for some bytes. Those that tell of an error end the program.
  std::size_t receive() {
    const auto size = ::recv(fd_, buffer_.data(), buffer_.size(), 0);
    if (size <= 0) throw std::runtime_error("the server closed the connection");
    const std::string_view bytes(buffer_.data(), static_cast<std::size_t>(size));
    if (bytes.find("\"details\"") != std::string_view::npos) throw std::runtime_error("refused: " + std::string(bytes));
    return counter_.count(bytes);
  }
  void receive(std::size_t messages) {
    for (std::size_t have = 0; have < messages;) have += receive();
  }

 private:
  int fd_;
  ObjectCounter counter_;
  std::vector<char> buffer_ = std::vector<char>(256 << 10);
};

std::string transaction(std::size_t id, const std::string& operations) {
  return "{\"id\":" + std::to_string(id) + ",\"method\":\"transact\",\"params\":[\"Bench\"," + operations + "]}";
}

std::string item(std::size_t i) { return "item-" + std::to_string(i); }

void fill(Connection& server, std::size_t rows) {
  constexpr std::size_t batch = 1000;
  for (std::size_t begin = 0; begin < rows; begin += batch) {
    std::string operations;
    for (std::size_t i = begin; i < std::min(rows, begin + batch); ++i) {
      operations += (i == begin ? "" : ",") +
                    std::string("{\"op\":\"insert\",\"table\":\"Item\",\"row\":{\"name\":\"") + item(i) +
                    "\",\"value\":" + std::to_string(i) + ",\"words\":[\"map\",[[\"id\",\"" + std::to_string(i * 7919) +
                    "\"],[\"state\",\"active\"]]]}}";
    }
    server.send(transaction(begin, operations));
    server.receive(1);
  }
}

// The row is found by its name, which is an index.
std::string update(std::size_t id, bool is_durable) {
  return transaction(id, "{\"op\":\"update\",\"table\":\"Item\",\"where\":[[\"name\",\"==\",\"" + item(id % 10) +
                             "\"]],\"row\":{\"value\":" + std::to_string(id + 1'000'000) + "}}" +
                             (is_durable ? ",{\"op\":\"commit\",\"durable\":true}" : ""));
}

void update_all(Connection& server, const std::vector<std::string>& requests, std::size_t in_flight) {
  std::size_t sent = 0;
  for (std::size_t answered = 0; answered < requests.size();) {
    std::string next;
    for (; sent < requests.size() && sent < answered + in_flight; ++sent) next += requests[sent];
    if (!next.empty()) server.send(next);
    answered += server.receive();
  }
}

std::vector<Connection> follow_everything(const std::string& socket, std::size_t clients) {
  std::vector<Connection> all;
  for (std::size_t i = 0; i < clients; ++i) {
    all.emplace_back(socket);
    all.back().send(
        R"({"id":1,"method":"monitor_cond","params":["Bench","m",{"Item":[{"columns":["name","value","words"]}]}]})");
    all.back().receive(1);
  }
  return all;
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

int run(const std::vector<std::string>& words) {
  if (words.size() < 3) throw std::runtime_error(usage);
  Connection server(words[0]);
  const auto number = [&](std::size_t i) {
    if (words.size() <= i) throw std::runtime_error(usage);
    return static_cast<std::size_t>(std::stoul(words[i]));
  };
  Clock::time_point begin;
  if (words[1] == "fill") {
    begin = Clock::now();
    fill(server, number(2));
  } else if (words[1] == "update") {
    std::vector<std::string> requests;
    for (std::size_t i = 0; i < number(2); ++i) requests.push_back(update(i, words.size() > 4));
    begin = Clock::now();
    update_all(server, requests, number(3));
  } else if (words[1] == "monitor") {
    auto clients = follow_everything(words[0], number(2));
    begin = Clock::now();
    for (std::size_t i = 0; i < number(3); ++i) {
      server.send(update(i, false));
      server.receive(1);
      for (auto& client : clients) client.receive(1);
    }
  } else {
    throw std::runtime_error(usage);
  }
  std::printf("{\"seconds\": %.6f}\n", seconds_since(begin));
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program("ovsdb_load", [&] { return run({argv + 1, argv + argc}); });
}
