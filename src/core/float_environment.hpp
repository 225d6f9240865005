#pragma once

#include <chroma/export.hpp>

#include <cfenv>

// Where SSE computes, its control register is all that matters, and it is read and written in a few cycles.
#if defined(__SSE2__) || defined(_M_X64)
#define CHROMA_SSE_CONTROL 1
#endif

namespace chroma::core {

/// Gives the thread the default floating-point environment while it lives: results are rounded to nearest,
/// subnormal numbers are kept, nothing traps. Numbers must not depend on what the caller has set for its own
/// calculations, which is restored at the end.
class CHROMA_API DefaultFloatEnvironment {
 public:
  DefaultFloatEnvironment() noexcept;
  ~DefaultFloatEnvironment();
  DefaultFloatEnvironment(const DefaultFloatEnvironment&) = delete;
  DefaultFloatEnvironment& operator=(const DefaultFloatEnvironment&) = delete;

 private:
#ifdef CHROMA_SSE_CONTROL
  unsigned saved_;
#else
  std::fenv_t saved_;
#endif
};

}  // namespace chroma::core
