// The compiler compares the places of ONNX Runtime's functions with its header, if that is installed (Debian
// 13: libonnxruntime-dev; Debian 12 has no package). Without the header the tests of the model call these
// functions.
#include "embed/onnx/ort_api.hpp"

#if __has_include(<onnxruntime/onnxruntime_c_api.h>)
#include <onnxruntime/onnxruntime_c_api.h>
#define CHROMA_HAS_ORT_HEADER
#elif __has_include(<onnxruntime_c_api.h>)
#include <onnxruntime_c_api.h>
#define CHROMA_HAS_ORT_HEADER
#endif

#ifdef CHROMA_HAS_ORT_HEADER

#include <cstddef>

namespace {

using namespace chroma::embed::onnx;

#define EXPECT_PLACE(function)                                                      \
  static_assert(ort::function::place * sizeof(void*) == offsetof(OrtApi, function), \
                #function " has another place")

EXPECT_PLACE(GetErrorMessage);
EXPECT_PLACE(CreateEnv);
EXPECT_PLACE(CreateSession);
EXPECT_PLACE(Run);
EXPECT_PLACE(CreateSessionOptions);
EXPECT_PLACE(SetSessionGraphOptimizationLevel);
EXPECT_PLACE(SetIntraOpNumThreads);
EXPECT_PLACE(SessionGetInputCount);
EXPECT_PLACE(SessionGetOutputCount);
EXPECT_PLACE(SessionGetInputName);
EXPECT_PLACE(SessionGetOutputName);
EXPECT_PLACE(CreateRunOptions);
EXPECT_PLACE(RunOptionsSetTerminate);
EXPECT_PLACE(CreateTensorWithDataAsOrtValue);
EXPECT_PLACE(GetTensorMutableData);
EXPECT_PLACE(GetTensorElementType);
EXPECT_PLACE(GetDimensionsCount);
EXPECT_PLACE(GetDimensions);
EXPECT_PLACE(GetTensorTypeAndShape);
EXPECT_PLACE(CreateCpuMemoryInfo);
EXPECT_PLACE(AllocatorFree);
EXPECT_PLACE(GetAllocatorWithDefaultOptions);
EXPECT_PLACE(ReleaseEnv);
EXPECT_PLACE(ReleaseStatus);
EXPECT_PLACE(ReleaseMemoryInfo);
EXPECT_PLACE(ReleaseSession);
EXPECT_PLACE(ReleaseValue);
EXPECT_PLACE(ReleaseRunOptions);
EXPECT_PLACE(ReleaseTensorTypeAndShapeInfo);
EXPECT_PLACE(ReleaseSessionOptions);
EXPECT_PLACE(AddSessionConfigEntry);
static_assert(ort::log_level_error == ORT_LOGGING_LEVEL_ERROR);
static_assert(ort::optimization_level_all == ORT_ENABLE_ALL);
static_assert(ort::arena_allocator == OrtArenaAllocator && ort::default_memory == OrtMemTypeDefault);
static_assert(ort::float_elements == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT);
static_assert(ort::int64_elements == ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64);

}  // namespace

#endif
