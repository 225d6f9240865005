#pragma once

/// @file
/// `DeleteRequest`.

#include <chroma/export.hpp>
#include <chroma/record_selection.hpp>

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <utility>

namespace chroma {

/// The request of `ChromaCollection::delete_records`: records by id, by filter, or both:
/// `DeleteRequest().where(Key("year") < 1990).limit(100)`. It must have at least one id or a filter.
class CHROMA_API DeleteRequest : public detail::RecordSelection<DeleteRequest> {
 public:
  /// Neither ids nor a filter; the operation refuses this.
  DeleteRequest() = default;

  /// The most records to delete, at most 4294967295; requires a filter. `std::nullopt` (the default) does not
  /// limit them.
  DeleteRequest& limit(std::optional<std::uint64_t> limit) & { return set(limit_, limit); }
  DeleteRequest limit(std::optional<std::uint64_t> limit) && { return std::move(set(limit_, limit)); }
  [[nodiscard]] std::optional<std::uint64_t> limit() const noexcept { return limit_; }

  /// The checks that the operation makes before it sends the request: there is at least one id or a filter,
  /// there is a filter if there is a limit, and those of `GetRequest::validate`.
  /// @throws ChromaHttpClientError of kind ValidationError
  void validate() const;

  friend bool operator==(const DeleteRequest&, const DeleteRequest&) = default;
  /// Writes ids, filter and limit on one line.
  CHROMA_API friend std::ostream& operator<<(std::ostream& out, const DeleteRequest& request);

 private:
  template <class>
  friend struct detail::Description;

  std::optional<std::uint64_t> limit_;
};

}  // namespace chroma
