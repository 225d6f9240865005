// The configuration of OpenSSL for the connections of a client.

#include "transport/tls_context.hpp"

#include "core/display_text.hpp"
#include "core/header_text.hpp"
#include "transport/failure.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <new>
#include <system_error>

namespace chroma::transport {
namespace {

namespace asio = boost::asio;

[[noreturn]] void refuse(const std::string& text) {
  std::string reason;
  if (const auto code = ERR_peek_last_error(); code != 0) {
    const char* words = ERR_reason_error_string(code);
    if (words != nullptr) reason = std::string(": ") + words;
  }
  ERR_clear_error();
  fail(Stage::tls, std::error_code(), text + reason);
}

void require_file(const char* option, const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::exists(path, failure)) {
    fail(Stage::tls, std::make_error_code(std::errc::no_such_file_or_directory),
         std::string(option) + " names '" + path + "', which does not exist");
  }
}

// Without a callback OpenSSL would ask for a passphrase at the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

bool load_system_trust(SSL_CTX* context) {
#if defined(_WIN32) && OPENSSL_VERSION_NUMBER >= 0x30200000L
  return SSL_CTX_load_verify_store(context, "org.openssl.winstore://") == 1;
#else
  return SSL_CTX_set_default_verify_paths(context) == 1;
#endif
}

/// False if OpenSSL looks for the system's authorities in places where there are none.
bool system_has_authorities() {
#ifdef _WIN32
  return true;  // They are in the system's certificate store.
#else
  const char* file = std::getenv(X509_get_default_cert_file_env());
  const char* folder = std::getenv(X509_get_default_cert_dir_env());
  std::error_code ignored;
  if (std::filesystem::exists(file != nullptr ? file : X509_get_default_cert_file(), ignored)) return true;
  const std::filesystem::directory_iterator entries(folder != nullptr ? folder : X509_get_default_cert_dir(),
                                                    ignored);
  return entries != std::filesystem::directory_iterator();
#endif
}

bool names_authorities(const TlsOptions& options) {
  return !options.ca_file.empty() || !options.ca_path.empty();
}

void load_named_trust(SSL_CTX* context, const TlsOptions& options) {
  if (!options.ca_file.empty()) {
    require_file("tls.ca_file", options.ca_file);
    if (SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1) {
      refuse("tls.ca_file '" + options.ca_file + "' holds no certificates in PEM form that can be read");
    }
  }
  if (!options.ca_path.empty()) {
    require_file("tls.ca_path", options.ca_path);
    if (SSL_CTX_load_verify_dir(context, options.ca_path.c_str()) != 1) {
      refuse("tls.ca_path '" + options.ca_path + "' cannot be read");
    }
  }
}

[[noreturn]] void refuse_other_key(const std::string& key, const std::string& certificate) {
  refuse("the private key in '" + key + "' does not belong to the certificate in '" + certificate + "'");
}

void load_identity(SSL_CTX* context, const TlsOptions& options) {
  if (options.client_certificate.empty()) {
    if (!options.client_key.empty()) refuse("tls.client_key is set, but tls.client_certificate is not");
    return;
  }
  require_file("tls.client_certificate", options.client_certificate);
  if (SSL_CTX_use_certificate_chain_file(context, options.client_certificate.c_str()) != 1) {
    refuse("tls.client_certificate '" + options.client_certificate +
           "' holds no certificate in PEM form that can be read");
  }
  const bool own_file = !options.client_key.empty();
  const std::string& key = own_file ? options.client_key : options.client_certificate;
  if (own_file) require_file("tls.client_key", key);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    if (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH) {
      refuse_other_key(key, options.client_certificate);
    }
    refuse("'" + key + "' holds no private key in PEM form that can be read without a passphrase" +
           (own_file ? ""
                     : " (tls.client_key is not set, so the key was looked for in tls.client_certificate)"));
  }
  if (SSL_CTX_check_private_key(context) != 1) refuse_other_key(key, options.client_certificate);
}

int on_verify(int accepted, X509_STORE_CTX* store) {
  if (accepted == 1) return 1;
  const void* data = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
  auto* failure = static_cast<VerifyFailure*>(SSL_get_ex_data(static_cast<const SSL*>(data), 0));
  failure->code = X509_STORE_CTX_get_error(store);
  X509* certificate = X509_STORE_CTX_get_current_cert(store);
  if (certificate != nullptr && X509_up_ref(certificate) == 1) failure->certificate.reset(certificate);
  return 0;
}

std::string time_text(const ASN1_TIME* time) {
  const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
  if (!memory || ASN1_TIME_print(memory.get(), time) != 1) return "an unknown time";
  char text[64];
  const int length = BIO_read(memory.get(), text, sizeof text);
  return length > 0 ? std::string(text, static_cast<std::size_t>(length)) : "an unknown time";
}

// A certificate may hold a name of any length.
std::string name_text(const ASN1_IA5STRING* name) {
  constexpr std::size_t longest_host = 253;
  return core::display_text(core::printable({reinterpret_cast<const char*>(ASN1_STRING_get0_data(name)),
                                             static_cast<std::size_t>(ASN1_STRING_length(name))}),
                            longest_host);
}

std::string address_text(const ASN1_OCTET_STRING* bytes) {
  const unsigned char* data = ASN1_STRING_get0_data(bytes);
  if (ASN1_STRING_length(bytes) == 4) {
    asio::ip::address_v4::bytes_type v4;
    std::copy_n(data, v4.size(), v4.begin());
    return asio::ip::address_v4(v4).to_string();
  }
  if (ASN1_STRING_length(bytes) == 16) {
    asio::ip::address_v6::bytes_type v6;
    std::copy_n(data, v6.size(), v6.begin());
    return asio::ip::address_v6(v6).to_string();
  }
  return "an address of unknown form";
}

// The first names that the certificate was made for.
std::string names_of(X509* certificate) {
  constexpr int shown = 5;
  const std::unique_ptr<GENERAL_NAMES, void (*)(GENERAL_NAMES*)> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  std::string text;
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int i = 0; i < count && i < shown; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    std::string one;
    if (name->type == GEN_DNS) {
      one = name_text(name->d.dNSName);
    } else if (name->type == GEN_IPADD) {
      one = address_text(name->d.iPAddress);
    } else {
      continue;
    }
    text += (text.empty() ? "" : ", ") + one;
  }
  if (count > shown) text += ", ...";
  return text.empty() ? "no name at all" : text;
}

}  // namespace

std::string VerifyFailure::describe(const std::string& host) const {
  switch (code) {
    case X509_V_OK:
      return {};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the server's certificate is made for " +
             (certificate ? names_of(certificate.get()) : std::string("another name")) + ", not for " + host +
             ": use a name that it is made for";
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the server's certificate has expired" +
             (certificate ? " at " + time_text(X509_get0_notAfter(certificate.get())) : std::string()) +
             ": renew it, or set this machine's clock right";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the server's certificate is not valid yet" +
             (certificate ? ", but from " + time_text(X509_get0_notBefore(certificate.get()))
                          : std::string()) +
             ": is this machine's clock right?";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      if (by_system_trust && !system_has_authorities()) {
        return "this system has no certificates of trusted authorities: install them (on Debian the package "
               "ca-certificates), or name a file of them in tls.ca_file";
      }
      return std::string("the server's certificate comes from an authority that is not trusted here (") +
             X509_verify_cert_error_string(code) +
             "): if the authority is your own, name its certificate in tls.ca_file";
    default:
      return std::string("the server's certificate was refused: ") + X509_verify_cert_error_string(code);
  }
}

struct TlsContext::Shared {
  explicit Shared(const TlsOptions& options) : context(SSL_CTX_new(TLS_client_method())) {
    if (!context) throw std::bad_alloc();
    configure(context.get(), options);
    uses_system_trust = options.verify_peer && !names_authorities(options);
  }

  static void configure(SSL_CTX* context, const TlsOptions& options);
  static std::shared_ptr<Shared> of(const TlsOptions& options);

  void require_trust() {
    if (!uses_system_trust) return;
    std::call_once(system_trust_loaded, [this] {
      ERR_clear_error();
      if (!load_system_trust(context.get())) refuse("the system's trusted authorities cannot be read");
    });
  }

  std::unique_ptr<SSL_CTX, SslFree> context;
  bool uses_system_trust = false;
  std::once_flag system_trust_loaded;
};

void TlsContext::Shared::configure(SSL_CTX* context, const TlsOptions& options) {
  ERR_clear_error();
  if (SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) != 1) refuse("TLS 1.2 is not available");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // Without read-ahead each record costs two system calls; a larger buffer takes several records in one.
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, 64 * 1024);
  if (options.verify_peer && names_authorities(options)) load_named_trust(context, options);
  load_identity(context, options);
  SSL_CTX_set_verify(context, options.verify_peer ? SSL_VERIFY_PEER : SSL_VERIFY_NONE,
                     options.verify_peer ? on_verify : nullptr);
}

/// Contexts of options that name files are not shared: the files may have been renewed since.
std::shared_ptr<TlsContext::Shared> TlsContext::Shared::of(const TlsOptions& options) {
  const bool names_files =
      names_authorities(options) || !options.client_certificate.empty() || !options.client_key.empty();
  if (names_files) return std::make_shared<Shared>(options);
  static std::mutex mutex;
  static std::weak_ptr<Shared> contexts[2];
  const std::lock_guard lock(mutex);
  auto& known = contexts[options.verify_peer ? 1 : 0];
  auto context = known.lock();
  if (!context) known = context = std::make_shared<Shared>(options);
  return context;
}

TlsContext::TlsContext(const TlsOptions& options) : shared_(Shared::of(options)) {}

SslPtr TlsContext::make_connection(const std::string& host, VerifyFailure& failure) const {
  shared_->require_trust();
  failure.by_system_trust = shared_->uses_system_trust;
  static constexpr unsigned char alpn[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  SslPtr ssl(SSL_new(shared_->context.get()));
  if (!ssl || SSL_set_ex_data(ssl.get(), 0, &failure) != 1) throw std::bad_alloc();
  SSL_set_connect_state(ssl.get());
  bool set = SSL_set_alpn_protos(ssl.get(), alpn, sizeof alpn) == 0;

  X509_VERIFY_PARAM* expected = SSL_get0_param(ssl.get());
  X509_VERIFY_PARAM_set_hostflags(expected,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  boost::system::error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  if (no_address) {
    // A name may end in the root's dot; certificates and SNI never do.
    std::string name = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
    // SSL_set_tlsext_host_name, whose macro has a cast of the old style.
    set =
        set && SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1;
    set = set && X509_VERIFY_PARAM_set1_host(expected, name.data(), name.size()) == 1;
  } else if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    set = set && X509_VERIFY_PARAM_set1_ip(expected, bytes.data(), bytes.size()) == 1;
  } else {
    const auto bytes = address.to_v6().to_bytes();
    set = set && X509_VERIFY_PARAM_set1_ip(expected, bytes.data(), bytes.size()) == 1;
  }
  if (!set) refuse("TLS cannot be prepared for '" + host + "'");
  return ssl;
}

}  // namespace chroma::transport
