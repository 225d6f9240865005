#include "embed/onnx/session.hpp"

#include "embed/onnx/fail.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace chroma::embed::onnx {
namespace {

Owned<ort::Session> open_session(const Runtime& runtime, const ort::Env* env,
                                 const std::filesystem::path& model, std::size_t threads) {
  const auto options =
      runtime.create<ort::CreateSessionOptions, ort::ReleaseSessionOptions, ort::SessionOptions>();
  runtime.call<ort::SetSessionGraphOptimizationLevel>(options.get(), ort::optimization_level_all);
  runtime.call<ort::SetIntraOpNumThreads>(options.get(), static_cast<int>(threads));
  // Threads that wait for the next batch sleep instead of using up a core.
  runtime.call<ort::AddSessionConfigEntry>(options.get(), "session.intra_op.allow_spinning", "0");
  return runtime.create<ort::CreateSession, ort::ReleaseSession, ort::Session>(env, model.c_str(),
                                                                               options.get());
}

// The mean of `count` rows, divided by its Euclidean norm. In double precision, as NumPy does it for the
// Python client.
void pool(const float* rows, std::size_t count, std::span<float> out) {
  std::vector<double> sum(out.size(), 0.0);
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(rows[row * sum.size() + i]);
  }
  double squares = 0;
  for (double& value : sum) {
    value /= std::max(static_cast<double>(count), 1e-9);
    squares += value * value;
  }
  const double norm = squares == 0 ? 1e-12 : std::sqrt(squares);
  std::transform(sum.begin(), sum.end(), out.begin(),
                 [&](double value) { return static_cast<float>(value / norm); });
}

}  // namespace

Session::Session(std::shared_ptr<const Runtime> runtime, const std::filesystem::path& model,
                 std::size_t threads)
    : runtime_(std::move(runtime)),
      env_(runtime_->create<ort::CreateEnv, ort::ReleaseEnv, ort::Env>(ort::log_level_error, "chroma")),
      memory_(runtime_->create<ort::CreateCpuMemoryInfo, ort::ReleaseMemoryInfo, ort::MemoryInfo>(
          ort::arena_allocator, ort::default_memory)),
      session_(open_session(*runtime_, env_.get(), model, threads)) {
  const auto count = runtime_->ask<ort::SessionGetInputCount, std::size_t>(session_.get());
  for (std::size_t i = 0; i < count; ++i) inputs_.push_back({name(i, true), {}});
  for (const auto& input : inputs_) {
    if (input.name == "input_ids" || input.name == "attention_mask" || input.name == "token_type_ids")
      continue;
    fail(model.string() + " is not the model all-MiniLM-L6-v2: it has an input " + input.name);
  }
  if (runtime_->ask<ort::SessionGetOutputCount, std::size_t>(session_.get()) == 0) {
    fail(model.string() + " is not the model all-MiniLM-L6-v2: it has no output");
  }
  output_ = name(0, false);  // By index, because its name differs between exports of the model.
}

std::string Session::name(std::size_t index, bool is_input) const {
  auto* allocator = runtime_->ask<ort::GetAllocatorWithDefaultOptions, ort::Allocator*>();
  char* text = nullptr;
  if (is_input) {
    text = runtime_->ask<ort::SessionGetInputName, char*>(session_.get(), index, allocator);
  } else {
    text = runtime_->ask<ort::SessionGetOutputName, char*>(session_.get(), index, allocator);
  }
  std::string name = text;
  runtime_->call<ort::AllocatorFree>(allocator, text);
  return name;
}

// Each input has a row of `length` values for each text: the ids followed by zeros; a one for each id
// followed by zeros; zeros only.
void Session::fill_inputs(std::span<const TokenIds* const> texts, std::size_t length) {
  for (auto& input : inputs_) {
    input.values.assign(texts.size() * length, 0);
    if (input.name == "token_type_ids") continue;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      auto* values = input.values.data() + row * length;
      if (input.name == "input_ids") {
        std::copy(texts[row]->begin(), texts[row]->end(), values);
      } else {
        std::fill_n(values, texts[row]->size(), 1);
      }
    }
  }
}

Owned<ort::Value> Session::compute(std::size_t count, std::size_t length, const std::stop_token& stop) {
  const std::array shape = {static_cast<std::int64_t>(count), static_cast<std::int64_t>(length)};
  std::vector<Owned<ort::Value>> tensors;
  std::vector<const ort::Value*> values;
  std::vector<const char*> names;
  for (auto& input : inputs_) {
    tensors.push_back(runtime_->create<ort::CreateTensorWithDataAsOrtValue, ort::ReleaseValue, ort::Value>(
        memory_.get(), input.values.data(), input.values.size() * sizeof(std::int64_t), shape.data(),
        shape.size(), ort::int64_elements));
    values.push_back(tensors.back().get());
    names.push_back(input.name.c_str());
  }
  const auto options = runtime_->create<ort::CreateRunOptions, ort::ReleaseRunOptions, ort::RunOptions>();
  const std::stop_callback terminate(stop,
                                     [&] { runtime_->call<ort::RunOptionsSetTerminate>(options.get()); });
  const char* output_name = output_.c_str();
  return runtime_->create<ort::Run, ort::ReleaseValue, ort::Value>(session_.get(), options.get(),
                                                                   names.data(), values.data(), values.size(),
                                                                   &output_name, std::size_t(1));
}

std::size_t Session::hidden_size(const ort::Value* output, std::size_t count, std::size_t length) const {
  const auto info =
      runtime_->create<ort::GetTensorTypeAndShape, ort::ReleaseTensorTypeAndShapeInfo, ort::TensorInfo>(
          output);
  const auto* tensor = info.get();
  std::vector<std::int64_t> shape(runtime_->ask<ort::GetDimensionsCount, std::size_t>(tensor));
  runtime_->call<ort::GetDimensions>(tensor, shape.data(), shape.size());
  const bool is_right = runtime_->ask<ort::GetTensorElementType, int>(tensor) == ort::float_elements &&
                        shape.size() == 3 && shape[0] == static_cast<std::int64_t>(count) &&
                        shape[1] == static_cast<std::int64_t>(length) && shape[2] > 0;
  if (!is_right) fail("the model's first output is not a vector of f32 for each token");
  return static_cast<std::size_t>(shape[2]);
}

Vectors Session::run(std::span<const TokenIds* const> texts, std::stop_token stop) {
  std::size_t length = 0;
  for (const auto* text : texts) length = std::max(length, text->size());
  fill_inputs(texts, length);
  const auto output = compute(texts.size(), length, stop);
  Vectors vectors;
  vectors.dimension = hidden_size(output.get(), texts.size(), length);
  vectors.values.resize(texts.size() * vectors.dimension);
  const auto* hidden =
      static_cast<const float*>(runtime_->ask<ort::GetTensorMutableData, void*>(output.get()));
  for (std::size_t row = 0; row < texts.size(); ++row) {
    pool(hidden + row * length * vectors.dimension, texts[row]->size(),
         std::span(vectors.values).subspan(row * vectors.dimension, vectors.dimension));
  }
  return vectors;
}

}  // namespace chroma::embed::onnx
