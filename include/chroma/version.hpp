#pragma once

/// @file
/// The version of the library. The build reads it from this header, so that the package has the same version.

#define CHROMA_VERSION_MAJOR 0
#define CHROMA_VERSION_MINOR 1
#define CHROMA_VERSION_PATCH 0

/// "major.minor.patch" as a string literal.
#define CHROMA_VERSION_STRING "0.1.0"
