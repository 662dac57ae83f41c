// What execve(2) wants: pointers to words, made before fork(2).
#pragma once

#include <string>
#include <vector>

namespace weft::hosts {

class Arguments {
 public:
  explicit Arguments(std::vector<std::string> words) : words_(std::move(words)) {
    for (auto& word : words_) pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
  }
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  char* const* pointers() const { return pointers_.data(); }
  const char* program() const { return pointers_.front(); }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_;
};

}  // namespace weft::hosts
