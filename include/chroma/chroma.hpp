#pragma once

/// @file
/// Includes the whole library except `chroma/json.hpp` and the embedding functions of `chroma/embed/`.

#include <chroma/bulk.hpp>
#include <chroma/client.hpp>
#include <chroma/collection.hpp>
#include <chroma/embedding_function.hpp>
#include <chroma/error.hpp>
#include <chroma/options.hpp>
#include <chroma/pages.hpp>
#include <chroma/result.hpp>
#include <chroma/runtime.hpp>
#include <chroma/version.hpp>
