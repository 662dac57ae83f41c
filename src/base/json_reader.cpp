#include "base/json_reader.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <charconv>

#include "base/json.hpp"

namespace weft {
namespace {

// Collects values; each function is called by the parser for what it has found, and says to go on.
class Collector {
 public:
  static constexpr std::size_t max_object_size = json::object::max_size();
  static constexpr std::size_t max_array_size = json::array::max_size();
  static constexpr std::size_t max_key_size = json::string::max_size();
  static constexpr std::size_t max_string_size = json::string::max_size();

  explicit Collector(const json::storage_ptr& own) : values_(own), number_(own) {}
  void start(json::storage_ptr storage) {
    values_.reset(std::move(storage));
    number_.clear();
  }
  json::value take() { return values_.release(); }

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) { return true; }
  bool on_object_end(std::size_t count, json::error_code&) { return values_.push_object(count), true; }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) { return values_.push_array(count), true; }
  bool on_key_part(json::string_view text, std::size_t, json::error_code&) { return values_.push_chars(text), true; }
  bool on_key(json::string_view text, std::size_t, json::error_code&) { return values_.push_key(text), true; }
  bool on_string_part(json::string_view text, std::size_t, json::error_code&) { return values_.push_chars(text), true; }
  bool on_string(json::string_view text, std::size_t, json::error_code&) { return values_.push_string(text), true; }
  bool on_bool(bool value, json::error_code&) { return values_.push_bool(value), true; }
  bool on_null(json::error_code&) { return values_.push_null(), true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  bool on_number_part(json::string_view text, json::error_code&) {
    number_.append(text);
    return true;
  }
  bool on_int64(std::int64_t value, json::string_view, json::error_code&) {
    number_.clear();
    values_.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code&) {
    number_.clear();
    values_.push_uint64(value);
    return true;
  }
  bool on_double(double about, json::string_view text, json::error_code&) {
    if (number_.empty()) {
      values_.push_double(nearest(text, about));
    } else {
      number_.append(text);
      values_.push_double(nearest(number_, about));
      number_.clear();
    }
    return true;
  }

 private:
  // `about` is right where the number is beyond what a double holds.
  static double nearest(json::string_view text, double about) {
    double value = about;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  json::value_stack values_;
  json::string number_;  // What came of the number that is being read.
};

json::parse_options parse_options() {
  json::parse_options options;
  options.max_depth = max_json_depth;
  return options;
}

}  // namespace

struct JsonReader::Parser : json::basic_parser<Collector> {
  explicit Parser(const json::storage_ptr& own) : basic_parser(parse_options(), own) {}
};

JsonReader::JsonReader(json::storage_ptr own) : parser_(std::make_unique<Parser>(own)) { start(); }
JsonReader::JsonReader(JsonReader&&) noexcept = default;
JsonReader& JsonReader::operator=(JsonReader&&) noexcept = default;
JsonReader::~JsonReader() = default;

void JsonReader::start(json::storage_ptr storage) {
  parser_->reset();
  parser_->handler().start(std::move(storage));
}

std::size_t JsonReader::read(std::string_view text, json::error_code& error) {
  return parser_->write_some(true, text.data(), text.size(), error);
}

void JsonReader::finish(json::error_code& error) { parser_->write_some(false, nullptr, 0, error); }

bool JsonReader::is_done() const { return parser_->done(); }

json::value JsonReader::take() { return parser_->handler().take(); }

}  // namespace weft
