#include "client/runtime_executor.hpp"

#include <chroma/error.hpp>
#include <chroma/runtime.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/system/error_code.hpp>
#include <spdlog/logger.h>

#include <condition_variable>
#include <iostream>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

namespace chroma {

namespace asio = boost::asio;

struct Runtime::State {
  explicit State(Logger log) : logger(std::move(log)) {}

  const Logger logger;
  std::shared_ptr<detail::RuntimeContext> context = std::make_shared<detail::RuntimeContext>();
  asio::executor_work_guard<asio::io_context::executor_type> work{context->get_executor()};
  std::thread thread;

  /// Locked while an operation is started, so that the context does not end at the same time. Recursive,
  /// because the callback of an operation that could not be started may start another one.
  std::recursive_mutex starting;
  bool ending = false;       ///< Guarded by `starting`: no operation is started any more.
  bool ends_itself = false;  ///< The runtime was destroyed on its own thread. Used only on that thread.

  std::mutex mutex;  ///< Guards `pending`.
  std::condition_variable idle;
  std::size_t pending = 0;

  void report(std::exception_ptr failure) const noexcept;
  static void run(const std::shared_ptr<State>& self);
  void completed();

  class Completion;
};

namespace {

std::string text_of(std::exception_ptr failure) {
  try {
    std::rethrow_exception(std::move(failure));
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is not a std::exception";
  }
}

/// For a destructor: if there is no memory for the error, the result is std::bad_alloc.
std::exception_ptr runtime_ended() noexcept {
  try {
    return std::make_exception_ptr(ChromaHttpClientError(
        RequestError{Stage::cancelled, boost::system::error_code(asio::error::operation_aborted),
                     "the runtime was destroyed before the operation had completed"}));
  } catch (...) {
    return std::current_exception();
  }
}

}  // namespace

/// Calls `done` when the operation has completed, or when its coroutine is destroyed before that.
class Runtime::State::Completion {
 public:
  Completion(std::shared_ptr<State> state, Done done) : state_(std::move(state)), done_(std::move(done)) {}
  Completion(Completion&& other) noexcept
      : state_(std::move(other.state_)), done_(std::exchange(other.done_, nullptr)) {}
  Completion& operator=(Completion&&) = delete;
  ~Completion() {
    if (done_) complete(runtime_ended());
  }

  void operator()(std::exception_ptr failure) { complete(std::move(failure)); }

 private:
  void complete(std::exception_ptr failure) {
    const auto done = std::exchange(done_, nullptr);
    try {
      done(std::move(failure));
    } catch (...) {
      state_->report(std::current_exception());
    }
    state_->completed();
  }

  std::shared_ptr<State> state_;
  Done done_;
};

void Runtime::State::report(std::exception_ptr failure) const noexcept {
  try {
    const auto text = "chroma::Runtime: an exception left a callback: " + text_of(std::move(failure));
    if (logger) {
      logger.spdlog()->error(text);
    } else {
      std::cerr << text << '\n';
    }
  } catch (...) {
    // There is no other place to report it to.
  }
}

void Runtime::State::run(const std::shared_ptr<State>& self) {
  for (bool stopped = false; !stopped;) {
    try {
      self->context->run();
      stopped = true;
    } catch (...) {
      self->report(std::current_exception());
    }
  }
  if (self->ends_itself) self->context->end();
}

void Runtime::State::completed() {
  const std::lock_guard lock(mutex);
  if (--pending == 0) idle.notify_all();
}

Runtime::Runtime() : Runtime(Logger()) {}

Runtime::Runtime(Logger logger) : state_(std::make_shared<State>(std::move(logger))) {
  state_->thread = std::thread([state = state_] { State::run(state); });
}

Runtime::~Runtime() {
  {
    const std::lock_guard lock(state_->starting);
    state_->ending = true;
  }
  if (std::this_thread::get_id() == state_->thread.get_id()) {
    state_->ends_itself = true;
    state_->thread.detach();
    state_->context->stop();
    return;
  }
  state_->context->stop();
  state_->thread.join();
  state_->context->end();
}

asio::any_io_executor Runtime::executor() const {
  return detail::RuntimeExecutor(state_->context->get_executor(), state_->context);
}

void Runtime::start(asio::awaitable<void> op, Done done) {
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->pending;
  }
  State::Completion completion(state_, std::move(done));
  const std::lock_guard lock(state_->starting);
  // The completion reports the end of the runtime when it is destroyed here.
  if (!state_->ending) asio::co_spawn(executor(), std::move(op), std::move(completion));
}

void Runtime::drain() {
  refuse_own_thread("drain", "wait on another thread");
  std::unique_lock lock(state_->mutex);
  state_->idle.wait(lock, [this] { return state_->pending == 0; });
}

std::size_t Runtime::pending() const noexcept {
  const std::lock_guard lock(state_->mutex);
  return state_->pending;
}

void Runtime::refuse_own_thread(const char* function, const char* instead) const {
  if (std::this_thread::get_id() != state_->thread.get_id()) return;
  throw std::logic_error("chroma::Runtime::" + std::string(function) +
                         " was called on the runtime's own thread, which would wait for itself; " + instead);
}

}  // namespace chroma
