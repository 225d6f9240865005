#pragma once

#include <functional>
#include <string>
#include <string_view>

/// The golden cases: inputs with what the protocol's own client makes of them, one a line in cases.jsonl.
/// Each is a test by its id. The file that covers a section says what its cases mean.
namespace golden {

struct Case {
  std::string id;
  std::string text;    ///< The input, in the notation of its section.
  std::string expect;  ///< "ERR x" means that the operation fails with that text.
};

using Handler = std::function<void(const Case&)>;

/// Makes `handler` the test of all cases of a section, named by the letters that its ids begin with. Called
/// by a static object of the file that covers it.
bool add_section(std::string_view letters, Handler handler);

/// Fails unless both texts are the same JSON: integers are not floats, order of keys does not matter.
void expect_json(std::string_view actual, std::string_view expected);

/// What `action` throws, as "ERR text"; "OK" if it throws nothing.
std::string outcome(const std::function<void()>& action);

/// Fails unless `actual` begins with `expected`: the library's errors say more than is asked for.
void expect_error(std::string_view actual, std::string_view expected);

}  // namespace golden
