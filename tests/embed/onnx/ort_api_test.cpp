// Holds the places of ONNX Runtime's functions to its header, where that is installed.
#include "embed/onnx/ort_api.hpp"

#include <gtest/gtest.h>

#include <type_traits>

#if __has_include(<onnxruntime/onnxruntime_c_api.h>)
#include <onnxruntime/onnxruntime_c_api.h>
#define CHROMA_HAS_ORT_HEADER
#elif __has_include(<onnxruntime_c_api.h>)
#include <onnxruntime_c_api.h>
#define CHROMA_HAS_ORT_HEADER
#endif

namespace {

using namespace chroma::embed::onnx;

#ifdef CHROMA_HAS_ORT_HEADER

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

TEST(OrtApi, HasItsFunctionsWhereTheHeaderSays) {
  SUCCEED() << "checked by the compiler";
}

#else

TEST(OrtApi, HasItsFunctionsWhereTheHeaderSays) {
  GTEST_SKIP() << "onnxruntime_c_api.h is not installed";
}

#endif

}  // namespace
