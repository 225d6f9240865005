#pragma once

#include <chroma/error.hpp>

#include <string>

/// What `action` refuses, as "field: message"; "sent" if it refuses nothing.
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

/// What the decoder says of a text that it refuses, as "path: message"; "read" if it refuses nothing.
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
