#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace chroma::test {

/// A certificate and its private key, in PEM form.
struct Identity {
  std::string certificate;
  std::string key;
};

/// A certificate authority that lives as long as the test.
class Authority {
 public:
  explicit Authority(const std::string& name);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  /// @param names as in a configuration file of OpenSSL: "DNS:localhost,IP:127.0.0.1"
  /// @param first_day, last_day validity in days from now
  /// @param subject common name of the holder
  [[nodiscard]] Identity issue(const std::string& names, int first_day = -1, int last_day = 1,
                               const std::string& subject = "a test") const;

  [[nodiscard]] const std::string& certificate() const noexcept { return certificate_; }
  /// The name under which a folder of authorities holds it.
  [[nodiscard]] std::string hashed_name() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
  std::string certificate_;
};

/// A folder that goes away with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  /// Writes a file and returns its path.
  [[nodiscard]] std::string write(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace chroma::test
