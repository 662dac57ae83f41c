#include "jsonrpc/framing.hpp"

namespace weft::jsonrpc {
namespace {

constexpr std::size_t first_block_bytes = 1024;  // Most messages need no other.
constexpr std::string_view white_space = " \t\r\n";
// A parser keeps the room that its largest message took: after one that is larger than this there is a new parser.
constexpr std::size_t usual_message_bytes = 256 << 10;

}  // namespace

MessageReader::MessageReader(std::size_t max_message_bytes)
    : max_message_bytes_(max_message_bytes), storage_(json::make_shared_resource<CountedMemory>(memory_bytes_)) {
  make_parser();
}

void MessageReader::make_parser() { parser_.emplace(storage_); }

void MessageReader::start_message() {
  message_bytes_ = 0;
  // One block of memory a message, given back as a whole: parsing is three times as fast.
  parser_->start(json::make_shared_resource<json::monotonic_resource>(first_block_bytes, storage_));
}

Result<> MessageReader::feed(std::string_view bytes) {
  while (true) {
    if (!in_message()) {
      const auto begin = std::min(bytes.find_first_not_of(white_space), bytes.size());
      stream_bytes_ += begin;
      bytes.remove_prefix(begin);
      if (bytes.empty()) return {};
      if (bytes.front() != '{')
        return fail("syntax error", fmt::format("byte {} of the stream: a message must be a JSON object that begins "
                                                "with '{{', not with byte 0x{:02x}",
                                                stream_bytes_, static_cast<unsigned char>(bytes.front())));
      start_message();
    }
    if (bytes.empty()) return {};
    const auto chunk = bytes.substr(0, max_message_bytes_ - message_bytes_);
    if (chunk.empty()) return fail("too large", fmt::format("a message exceeds {} bytes", max_message_bytes_));
    json::error_code error;
    const auto used = parser_->read(chunk, error);
    stream_bytes_ += used;
    message_bytes_ += used;
    bytes.remove_prefix(used);
    if (error) return fail("syntax error", fmt::format("byte {} of the stream: {}", stream_bytes_, error.message()));
    if (parser_->is_done()) {
      complete_.push_back(parser_->take());
      if (message_bytes_ > usual_message_bytes) make_parser();
      message_bytes_ = 0;
    }
  }
}

std::optional<json::value> MessageReader::next() {
  if (complete_.empty()) return std::nullopt;
  std::optional<json::value> message(std::in_place, std::move(complete_.front()));
  complete_.pop_front();
  return message;
}

}  // namespace weft::jsonrpc
