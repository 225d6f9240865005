#pragma once

#include "testing/exchange.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace chroma::test {

/// Requests as a program might send them, the same for the same seed on every platform: collections of each
/// space, records with and without metadata and documents, filters of every operator, queries, and a share of
/// requests that the server refuses.
class RandomOperations {
 public:
  /// @param database the database of the collections
  RandomOperations(std::uint64_t seed, const std::string& database);

  [[nodiscard]] Exchange next();

 private:
  using Json = nlohmann::json;

  [[nodiscard]] std::size_t number(std::size_t below) { return engine_() % below; }
  [[nodiscard]] bool chance(std::size_t percent) { return number(100) < percent; }
  template <class T>
  [[nodiscard]] const T& pick(const std::vector<T>& values) {
    return values[number(values.size())];
  }

  [[nodiscard]] Exchange record_operation(const std::string& name, const Json& body);
  [[nodiscard]] Exchange collection_operation();
  [[nodiscard]] Exchange creation(const std::string& name);
  [[nodiscard]] Json write_body(bool is_update, bool is_add);
  [[nodiscard]] Json delete_body();
  [[nodiscard]] Json get_body();
  [[nodiscard]] Json query_body();
  [[nodiscard]] Json ids(std::size_t at_most);
  [[nodiscard]] Json embedding();
  [[nodiscard]] Json scalar();
  [[nodiscard]] Json metadata(bool nulls);
  [[nodiscard]] Json where(int depth);
  [[nodiscard]] Json metadata_clause();
  [[nodiscard]] Json where_document(int depth);
  void select(Json& body);
  [[nodiscard]] Json include(const std::vector<std::string>& columns);

  std::mt19937_64 engine_;
  std::string base_;
  std::vector<std::string> collections_;
  std::optional<Exchange> pending_;  ///< The next request, if the last one requires it.
  std::size_t created_ = 0;          ///< Number of collections that the first operations have created.
};

}  // namespace chroma::test
