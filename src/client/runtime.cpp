#include <chroma/error.hpp>
#include <chroma/runtime.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace chroma {

namespace asio = boost::asio;

struct Runtime::Impl {
  // Held while an operation is handed to the context: its end waits for that.
  std::mutex handing_over;
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::thread thread{[this] { context.run(); }};
};

Runtime::Runtime() : impl_(std::make_shared<Impl>()) {}

Runtime::~Runtime() {
  impl_->context.stop();
  impl_->thread.join();
  // Who is just handing over an operation still touches the context.
  { const std::lock_guard lock(impl_->handing_over); }
}

asio::any_io_executor Runtime::executor() const {
  return impl_->context.get_executor();
}

void Runtime::run(asio::awaitable<void> op) {
  if (std::this_thread::get_id() == impl_->thread.get_id()) {
    throw std::logic_error(
        "chroma::Runtime::block_on was called on the runtime's own thread; co_await the operation there");
  }
  // The promise lives in the handler alone: a context that ends without running it breaks the promise.
  std::promise<void> promise;
  auto done = promise.get_future();
  auto finish = [promise = std::move(promise)](std::exception_ptr failure) mutable {
    failure ? promise.set_exception(std::move(failure)) : promise.set_value();
  };
  {
    const std::lock_guard lock(impl_->handing_over);
    asio::co_spawn(impl_->context, std::move(op), std::move(finish));
  }
  try {
    done.get();
  } catch (const std::future_error&) {
    throw ChromaHttpClientError(RequestError{Stage::cancelled,
                                             boost::system::error_code(asio::error::operation_aborted),
                                             "the runtime ended before the answer was there"});
  }
}

}  // namespace chroma
