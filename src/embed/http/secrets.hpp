#pragma once

#include <chroma/options.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace chroma::embed {

/// Texts that no error may repeat, the longest first.
class Secrets {
 public:
  Secrets() = default;
  Secrets(std::initializer_list<std::string> texts);

  /// Adds a key. An empty one is ignored.
  void add(std::string_view text);
  /// Adds the password of Basic authentication, and the texts in which it is sent. Some services take a key
  /// as the user: it is added if there is no password. Ignored if both are empty.
  void add_user(const std::string& user, const std::string& password);
  /// Adds what the value of a header such as Authorization contains: all of it without the scheme, and its
  /// parts, such as the values of cookies. Of Basic also the decoded user and password.
  void add_header_value(std::string_view value);
  /// Adds the values of the headers whose names say that they are keys, tokens, passwords or cookies.
  /// Returns whether there was one.
  bool add_headers(const Headers& headers);

  /// The text with "[secret]" in place of each secret of 8 bytes or more, also where its characters are
  /// escaped as in JSON or percent-encoded as in URLs.
  [[nodiscard]] std::string removed_from(std::string_view text) const;

 private:
  std::vector<std::string> texts_;
};

}  // namespace chroma::embed
