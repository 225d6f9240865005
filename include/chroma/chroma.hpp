#pragma once

/// @file
/// All of the library but `chroma/json.hpp`.

#include <chroma/client.hpp>
#include <chroma/collection.hpp>
#include <chroma/error.hpp>
#include <chroma/options.hpp>
#include <chroma/result.hpp>
#include <chroma/runtime.hpp>
#include <chroma/version.hpp>
