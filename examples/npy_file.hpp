#pragma once

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <bit>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// The rows of a matrix in a .npy file: 32-bit or 64-bit floats, row after row. The file is mapped into
/// memory.
class NpyFile {
 public:
  explicit NpyFile(const std::string& path) : path_(path), region_(map(path)) {
    if (std::endian::native != std::endian::little) fail("can be read on little-endian machines only");
    const std::string_view bytes(static_cast<const char*>(region_.get_address()), region_.get_size());
    if (!bytes.starts_with("\x93NUMPY") || bytes.size() < 12) fail("is not a .npy file");
    const bool is_short = bytes[6] == 1;
    const auto byte = [&](std::size_t i) { return std::size_t(static_cast<unsigned char>(bytes[i])); };
    const std::size_t length =
        byte(8) + (byte(9) << 8) + (is_short ? 0 : (byte(10) << 16) + (byte(11) << 24));
    const std::size_t begin = is_short ? 10 : 12;
    if (bytes.size() - begin < length) fail("is truncated");
    read_header(std::string(bytes.substr(begin, length)));
    values_ = bytes.substr(begin + length);
    if (width_ == 0) fail("has no columns");
    if (values_.size() / value_size_ / width_ < rows_) fail("is truncated");
  }

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::vector<float> row(std::size_t i) const {
    std::vector<float> result(width_);
    const char* from = values_.data() + i * width_ * value_size_;
    if (value_size_ == sizeof(float)) {
      std::memcpy(result.data(), from, width_ * sizeof(float));
      return result;
    }
    for (std::size_t k = 0; k < width_; ++k) {
      double value = 0;
      std::memcpy(&value, from + k * sizeof value, sizeof value);
      result[k] = static_cast<float>(value);
    }
    return result;
  }

 private:
  static boost::interprocess::mapped_region map(const std::string& path) {
    namespace interprocess = boost::interprocess;
    std::error_code code;
    const auto size = std::filesystem::file_size(path, code);
    if (code) throw std::runtime_error(path + ": " + code.message());
    if (size == 0) throw std::runtime_error(path + " is empty");
    try {
      const interprocess::file_mapping file(path.c_str(), interprocess::read_only);
      return interprocess::mapped_region(file, interprocess::read_only);
    } catch (const interprocess::interprocess_exception& error) {
      throw std::runtime_error(path + ": " + error.what());
    }
  }

  void read_header(const std::string& header) {
    std::smatch type, shape;
    const std::regex type_pattern("'descr': *'<f([48])'"), shape_pattern(R"('shape': *\((\d+), *(\d+)\))");
    if (!std::regex_search(header, type, type_pattern)) fail("does not hold floats (<f4 or <f8)");
    if (!std::regex_search(header, shape, shape_pattern)) fail("is not a matrix");
    if (header.find("'fortran_order': False") == header.npos) fail("is stored by columns");
    value_size_ = type[1] == "4" ? sizeof(float) : sizeof(double);
    rows_ = number(shape[1]);
    width_ = number(shape[2]);
  }

  [[nodiscard]] std::size_t number(const std::string& digits) const {
    std::size_t result = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), result);
    if (read.ec != std::errc()) fail("has a shape that is too large");
    return result;
  }

  [[noreturn]] void fail(const char* reason) const { throw std::runtime_error(path_ + " " + reason); }

  std::string path_;
  boost::interprocess::mapped_region region_;
  std::string_view values_;
  std::size_t value_size_ = 0;
  std::size_t rows_ = 0;
  std::size_t width_ = 0;
};
