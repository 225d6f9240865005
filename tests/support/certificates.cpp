#include "support/certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>
#include <vector>

namespace chroma::test {
namespace {

template <auto F>
struct Free {
  template <class T>
  void operator()(T* object) const noexcept {
    F(object);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using CertificatePtr = std::unique_ptr<X509, Free<X509_free>>;
using BioPtr = std::unique_ptr<BIO, Free<BIO_free>>;

void require(bool done, const char* step) {
  if (!done) throw std::runtime_error(std::string("test certificate: ") + step);
}

std::string text_of(BIO* memory) {
  std::vector<char> text(BIO_ctrl_pending(memory));
  const int length = BIO_read(memory, text.data(), static_cast<int>(text.size()));
  require(length > 0, "PEM");
  return std::string(text.data(), static_cast<std::size_t>(length));
}

std::string pem_of(X509* certificate) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_X509(memory.get(), certificate) == 1, "PEM");
  return text_of(memory.get());
}

std::string pem_of(EVP_PKEY* key) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  require(PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "PEM");
  return text_of(memory.get());
}

KeyPtr new_key() {
  const std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nullptr));
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_keygen_init(context.get()) == 1, "key");
  require(EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), NID_X9_62_prime256v1) == 1, "key");
  require(EVP_PKEY_keygen(context.get(), &key) == 1, "key");
  return KeyPtr(key);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

CertificatePtr new_certificate(EVP_PKEY* key, const std::string& subject, int first_day, int last_day) {
  static long serial = 1;
  CertificatePtr certificate(X509_new());
  X509* raw = certificate.get();
  require(X509_set_version(raw, 2) == 1, "version");
  require(ASN1_INTEGER_set(X509_get_serialNumber(raw), serial++) == 1, "serial");
  require(X509_gmtime_adj(X509_getm_notBefore(raw), 86400L * first_day) != nullptr, "time");
  require(X509_gmtime_adj(X509_getm_notAfter(raw), 86400L * last_day) != nullptr, "time");
  const auto* name = reinterpret_cast<const unsigned char*>(subject.c_str());
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_ASC, name, -1, -1, 0) == 1,
          "name");
  require(X509_set_pubkey(raw, key) == 1, "key");
  return certificate;
}

}  // namespace

struct Authority::Impl {
  KeyPtr key;
  CertificatePtr certificate;
};

Authority::Authority(const std::string& name) : impl_(std::make_unique<Impl>()) {
  impl_->key = new_key();
  impl_->certificate = new_certificate(impl_->key.get(), name, -10, 10);
  X509* raw = impl_->certificate.get();
  require(X509_set_issuer_name(raw, X509_get_subject_name(raw)) == 1, "issuer");
  add_extension(raw, NID_basic_constraints, "critical,CA:TRUE");
  require(X509_sign(raw, impl_->key.get(), EVP_sha256()) > 0, "signature");
  certificate_ = pem_of(raw);
}

Authority::~Authority() = default;

Identity Authority::issue(const std::string& names, int first_day, int last_day,
                          const std::string& subject) const {
  const KeyPtr key = new_key();
  const CertificatePtr certificate = new_certificate(key.get(), subject, first_day, last_day);
  require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(impl_->certificate.get())) == 1,
          "issuer");
  if (!names.empty()) add_extension(certificate.get(), NID_subject_alt_name, names);
  require(X509_sign(certificate.get(), impl_->key.get(), EVP_sha256()) > 0, "signature");
  return Identity{pem_of(certificate.get()), pem_of(key.get())};
}

std::string Authority::hashed_name() const {
  char text[16];
  std::snprintf(text, sizeof text, "%08lx.0", X509_subject_name_hash(impl_->certificate.get()));
  return text;
}

TemporaryFolder::TemporaryFolder() {
  std::random_device random;
  path_ = std::filesystem::temp_directory_path() /
          ("chroma-test-" + std::to_string(random()) + std::to_string(random()));
  std::filesystem::create_directory(path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& text) const {
  const auto path = path_ / name;
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

}  // namespace chroma::test
