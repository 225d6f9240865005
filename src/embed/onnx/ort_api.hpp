#pragma once

#include <cstddef>
#include <cstdint>

/// The part of ONNX Runtime's C interface that is used, without its headers. The functions are in a table to
/// which new versions add at the end, so their places do not change.
namespace chroma::embed::onnx::ort {

struct Allocator;
struct Env;
struct MemoryInfo;
struct RunOptions;
struct Session;
struct SessionOptions;
struct Status;
struct TensorInfo;
struct Value;

/// The character type of the paths that ONNX Runtime accepts.
#ifdef _WIN32
using PathCharacter = wchar_t;
#else
using PathCharacter = char;
#endif

/// The version of the interface that is asked for: that of ONNX Runtime 1.14.
constexpr std::uint32_t api_version = 14;

constexpr int log_level_error = 3;
constexpr int optimization_level_all = 99;
constexpr int arena_allocator = 1;
constexpr int default_memory = 0;
constexpr int float_elements = 1;
constexpr int int64_elements = 7;

/// A function of the table: its place and its type. Those that return a status return null on success.
template <std::size_t Place, class Signature>
struct Entry {
  static constexpr std::size_t place = Place;
  using Function = Signature;
};

using GetErrorMessage = Entry<2, const char*(const Status*)>;
using CreateEnv = Entry<3, Status*(int log_level, const char* log_id, Env**)>;
using CreateSession =
    Entry<7, Status*(const Env*, const PathCharacter* model, const SessionOptions*, Session**)>;
using Run = Entry<9, Status*(Session*, const RunOptions*, const char* const* input_names,
                             const Value* const* inputs, std::size_t input_count,
                             const char* const* output_names, std::size_t output_count, Value** outputs)>;
using CreateSessionOptions = Entry<10, Status*(SessionOptions**)>;
using SetSessionGraphOptimizationLevel = Entry<23, Status*(SessionOptions*, int level)>;
using SetIntraOpNumThreads = Entry<24, Status*(SessionOptions*, int threads)>;
using SessionGetInputCount = Entry<30, Status*(const Session*, std::size_t*)>;
using SessionGetOutputCount = Entry<31, Status*(const Session*, std::size_t*)>;
using SessionGetInputName = Entry<36, Status*(const Session*, std::size_t index, Allocator*, char**)>;
using SessionGetOutputName = Entry<37, Status*(const Session*, std::size_t index, Allocator*, char**)>;
using CreateRunOptions = Entry<39, Status*(RunOptions**)>;
using RunOptionsSetTerminate = Entry<46, Status*(RunOptions*)>;
using CreateTensorWithDataAsOrtValue =
    Entry<49, Status*(const MemoryInfo*, void* data, std::size_t bytes, const std::int64_t* shape,
                      std::size_t dimensions, int element_type, Value**)>;
using GetTensorMutableData = Entry<51, Status*(Value*, void**)>;
using GetTensorElementType = Entry<60, Status*(const TensorInfo*, int*)>;
using GetDimensionsCount = Entry<61, Status*(const TensorInfo*, std::size_t*)>;
using GetDimensions = Entry<62, Status*(const TensorInfo*, std::int64_t*, std::size_t count)>;
using GetTensorTypeAndShape = Entry<65, Status*(const Value*, TensorInfo**)>;
using CreateCpuMemoryInfo = Entry<69, Status*(int allocator_type, int memory_type, MemoryInfo**)>;
using AllocatorFree = Entry<76, Status*(Allocator*, void*)>;
using GetAllocatorWithDefaultOptions = Entry<78, Status*(Allocator**)>;
using ReleaseEnv = Entry<92, void(Env*)>;
using ReleaseStatus = Entry<93, void(Status*)>;
using ReleaseMemoryInfo = Entry<94, void(MemoryInfo*)>;
using ReleaseSession = Entry<95, void(Session*)>;
using ReleaseValue = Entry<96, void(Value*)>;
using ReleaseRunOptions = Entry<97, void(RunOptions*)>;
using ReleaseTensorTypeAndShapeInfo = Entry<99, void(TensorInfo*)>;
using ReleaseSessionOptions = Entry<100, void(SessionOptions*)>;
using AddSessionConfigEntry = Entry<130, Status*(SessionOptions*, const char* key, const char* value)>;

using AnyFunction = void (*)();

/// What the library's one exported function, `OrtGetApiBase`, returns.
struct ApiBase {
  const AnyFunction* (*get_api)(std::uint32_t version);
  const char* (*get_version_string)();
};

}  // namespace chroma::embed::onnx::ort
