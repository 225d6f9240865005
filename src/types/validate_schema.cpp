#include "json/any_json.hpp"
#include "json/fields.hpp"
#include "json/values.hpp"
#include "types/schema_fields.hpp"
#include "types/validate_metadata.hpp"

#include <chroma/error.hpp>

#include <map>
#include <string>
#include <utility>

namespace chroma {
namespace {

std::string member_of(const std::string& place, const std::string& name) {
  return place + "." + name;
}

std::string entry_of(const std::string& place, const std::string& key) {
  return place + "[\"" + key + "\"]";
}

/// Checks the members of a schema of all types. `place` is the path of the member that is checked.
class SchemaValidator {
 public:
  void check(const std::string& place, const std::string& text) const {
    note(place, detail::text_fault(text));
  }
  template <class T>
  requires std::is_floating_point_v<T>
  void check(const std::string& place, T number) const {
    note(place, detail::value_fault(MetadataValue(number)));
  }
  template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void check(const std::string&, T) const {}

  void check(const std::string& place, const EmbeddingFunctionConfiguration& function) const {
    check(place + ".name", function.name());
    check_unknown(place, function.unknown_keys());
  }
  void check(const std::string& place, const Cmek& cmek) const {
    check(place + ".gcp", cmek.resource());
    check_unknown(place, cmek.unknown_keys());
  }
  void check(const std::string& place, const std::map<std::string, ValueTypes>& keys) const {
    for (const auto& [key, types] : keys) {
      check_name(place, key);
      check(entry_of(place, key), types);
    }
  }
  template <class T>
  void check(const std::string& place, const std::optional<T>& value) const {
    if (value) check(place, *value);
  }
  /// Objects with described members.
  template <class T>
  requires json::Described<T>
  void check(const std::string& place, const T& value) const {
    detail::Description<T>::fields(value, [&](json::Name name, const auto& member) {
      const std::string text(name.text);
      if (!json::is_unset(member) && value.unknown.contains(text)) {
        note(member_of(place, text), "is set and is also one of the unknown keys");
      }
      check(member_of(place, text), member);
    });
    check_unknown(place, value.unknown);
  }

 private:
  static void note(const std::string& place, const std::string& fault) {
    if (!fault.empty()) throw ChromaHttpClientError(ValidationError{fault, place});
  }
  static void check_name(const std::string& place, const std::string& key) {
    if (const auto fault = detail::text_fault(key); !fault.empty()) note(place, "a key " + fault);
  }
  static void check_unknown(const std::string& place, const UnknownKeys& keys) {
    for (const auto& [key, json] : keys) {
      check_name(place, key);
      try {
        static_cast<void>(json::decode<json::AnyJson>(json));
      } catch (const ChromaHttpClientError& error) {
        const auto* fault = error.get_if<SerdeError>();
        note(member_of(place, key), "is not JSON: " + (fault ? fault->message : std::string(error.what())));
      }
    }
  }
};

}  // namespace

void Schema::validate() const {
  SchemaValidator().check("schema", *this);
}

}  // namespace chroma
