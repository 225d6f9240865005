#pragma once

/// @file
/// Includes all requests for records.

#include <chroma/delete_request.hpp>
#include <chroma/read_requests.hpp>
#include <chroma/write_requests.hpp>
