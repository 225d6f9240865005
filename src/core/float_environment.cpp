#include "core/float_environment.hpp"

#ifdef CHROMA_SSE_CONTROL
#include <xmmintrin.h>
#endif

namespace chroma::core {

#ifdef CHROMA_SSE_CONTROL

namespace {

constexpr unsigned all_masked = 0x1F80;
constexpr unsigned raised_flags = 0x3F;

}  // namespace

DefaultFloatEnvironment::DefaultFloatEnvironment() noexcept : saved_(_mm_getcsr()) {
  if ((saved_ & ~raised_flags) != all_masked) _mm_setcsr(all_masked);
}

DefaultFloatEnvironment::~DefaultFloatEnvironment() {
  if ((saved_ & ~raised_flags) != all_masked) _mm_setcsr(saved_);
}

#else

DefaultFloatEnvironment::DefaultFloatEnvironment() noexcept {
  std::fegetenv(&saved_);
  std::fesetenv(FE_DFL_ENV);
}

DefaultFloatEnvironment::~DefaultFloatEnvironment() {
  std::fesetenv(&saved_);
}

#endif

}  // namespace chroma::core
