#pragma once

#include <functional>
#include <string>
#include <string_view>

/// The golden cases: inputs with the recorded results of the Rust crate and its server, one on each line of
/// cases.jsonl. Each case is a test that is named by its id. The file that covers a section describes the
/// notation.
namespace golden {

struct Case {
  std::string id;
  std::string text;    ///< The input, in the notation of its section.
  std::string expect;  ///< "ERR x" means that the operation fails with that text.
};

using Handler = std::function<void(const Case&)>;

/// Makes `handler` the test of all cases of a section. Called by a static object of the file that covers it.
/// @param letters the letters that the ids of the section begin with
/// @param suite the name of the test suite, after "Golden"
bool add_section(std::string_view letters, std::string_view suite, Handler handler);

/// Fails unless both texts are the same JSON. Integers and floats are different; the order of keys is
/// ignored.
void expect_json(std::string_view actual, std::string_view expected);

/// The error that `action` throws, as "ERR text"; "OK" if it throws nothing.
std::string outcome(const std::function<void()>& action);

/// The text of an error as this library words it: serde, which the crate uses, says "missing field `x`".
std::string in_own_words(std::string expected);

/// Fails unless `actual` begins with `expected`. The library's errors are more detailed than those of the
/// crate.
void expect_error(std::string_view actual, std::string_view expected);

}  // namespace golden
