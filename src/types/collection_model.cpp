#include <chroma/collection_model.hpp>

#include <ostream>

namespace chroma {

std::ostream& operator<<(std::ostream& out, const Collection& collection) {
  return out << collection.name << " (" << collection.id << ") in " << collection.tenant << '/'
             << collection.database;
}

}  // namespace chroma
