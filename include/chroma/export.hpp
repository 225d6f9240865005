#pragma once

/// @file
/// Symbol visibility. `CHROMA_API` marks what a shared build of the library exports.

#if defined(CHROMA_SHARED) && defined(_WIN32)
#if defined(CHROMA_BUILDING)
#define CHROMA_API __declspec(dllexport)
#else
#define CHROMA_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define CHROMA_API __attribute__((visibility("default")))
#else
#define CHROMA_API
#endif
