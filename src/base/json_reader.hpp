// JSON text that comes in pieces, read into a value.
//
// Like Boost.JSON's stream_parser, but a number with a fraction or an exponent becomes the nearest double, as
// strtod(3) would make it, however the text is cut. Boost.JSON 1.81 misses it by one bit in one of five numbers of 17
// digits; and a real number must come back from a database's file as it was.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string_view>

namespace weft {

class JsonReader {
 public:
  // What it needs itself it takes from `own`; values nested deeper than max_json_depth are an error.
  explicit JsonReader(boost::json::storage_ptr own = {});
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;
  ~JsonReader();

  // Forgets what it has read; the next value is made in `storage`.
  void start(boost::json::storage_ptr storage = {});
  // How many bytes belong to the value: all, unless it ended or an error was found.
  std::size_t read(std::string_view text, boost::json::error_code& error);
  // The text is over: an error if the value is not.
  void finish(boost::json::error_code& error);
  bool is_done() const;
  // Once it is done: the value.
  boost::json::value take();

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace weft
