#include "client/scope.hpp"

#include <utility>

namespace chroma::detail {

Scope::Scope(const Scope& other) {
  std::lock_guard lock(other.mutex_);
  tenant_ = other.tenant_;
  database_ = other.database_;
  identity_ = std::make_shared<Identity>(other.identity_->cached());
}

std::optional<std::string> Scope::tenant() const {
  std::lock_guard lock(mutex_);
  return tenant_;
}

std::optional<std::string> Scope::database() const {
  std::lock_guard lock(mutex_);
  return database_;
}

void Scope::set_tenant(std::string tenant) {
  std::lock_guard lock(mutex_);
  tenant_ = std::move(tenant);
}

void Scope::set_database(std::string database) {
  std::lock_guard lock(mutex_);
  database_ = std::move(database);
}

}  // namespace chroma::detail
