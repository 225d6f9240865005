#pragma once

/// @file
/// Includes all requests for records.

#include <chroma/read_requests.hpp>
#include <chroma/write_requests.hpp>
