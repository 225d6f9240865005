#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

namespace chroma::test {

/// Sets an environment variable while it exists.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    EXPECT_EQ(setenv(name, value, 1), 0);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { EXPECT_EQ(before_ ? setenv(name_, before_->c_str(), 1) : unsetenv(name_), 0); }

 private:
  const char* name_;
  std::optional<std::string> before_;
};

}  // namespace chroma::test
