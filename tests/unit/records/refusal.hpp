#pragma once

#include <chroma/error.hpp>

#include <string>

/// The ValidationError that `action` throws, as "field: message"; "sent" if it throws nothing.
template <class Action>
std::string refusal(Action action) {
  try {
    action();
  } catch (const chroma::ChromaHttpClientError& error) {
    if (const auto* invalid = error.get_if<chroma::ValidationError>()) {
      return invalid->field + ": " + invalid->message;
    }
    return error.what();
  }
  return "sent";
}

/// The SerdeError that decoding throws, as "path: message"; "read" if it throws nothing.
template <class Action>
std::string unreadable(Action action) {
  try {
    action();
  } catch (const chroma::ChromaHttpClientError& error) {
    if (const auto* serde = error.get_if<chroma::SerdeError>()) return serde->path + ": " + serde->message;
    return error.what();
  }
  return "read";
}
