#pragma once

/// @file
/// The library's version. The build reads it from here, so that package and header cannot disagree.

#define CHROMA_VERSION_MAJOR 0
#define CHROMA_VERSION_MINOR 1
#define CHROMA_VERSION_PATCH 0

/// "major.minor.patch" as a string literal.
#define CHROMA_VERSION_STRING "0.1.0"
