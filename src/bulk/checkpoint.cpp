#include "bulk/checkpoint.hpp"

#include "core/buffer.hpp"
#include "json/fields.hpp"
#include "json/values.hpp"

#include <chroma/error.hpp>

#include <boost/interprocess/file_mapping.hpp>
#include <boost/interprocess/mapped_region.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace chroma::bulk {
namespace {

constexpr std::uint64_t format_version = 1;

[[noreturn]] void refuse(const std::string& message) {
  throw ChromaHttpClientError(ValidationError{message, "checkpoint"});
}

struct Content {
  std::uint64_t version = 0;
  CheckpointOwner owner;
  std::string operation;
  StoredPositions stored;
};

std::pair<std::uint64_t, std::uint64_t> read_range(json::Reader& in) {
  std::vector<std::uint64_t> ends;
  read(in, ends);
  if (ends.size() != 2 || ends[0] > ends[1]) in.fail("expected a range of two rising positions");
  return {ends[0], ends[1]};
}

Content parse(std::string_view text) {
  json::Reader in(text);
  Content content;
  json::read_object(in, [&](std::string_view key) {
    if (key == "chroma_bulk_checkpoint") {
      content.version = in.uint64();
    } else if (key == "collection_id") {
      content.owner.collection_id = in.string();
    } else if (key == "operation") {
      content.operation = in.string();
    } else if (key == "source") {
      content.owner.source = in.string();
    } else if (key == "low_water") {
      content.stored.low_water = in.uint64();
    } else if (key == "ranges") {
      in.begin_array();
      while (in.next_element()) content.stored.ranges.push_back(read_range(in));
    } else {
      return false;
    }
    return true;
  });
  in.finish();
  return content;
}

/// Waits until the file's content is on the disk. Boost.Interprocess can do this on every system.
void write_to_disk(const std::string& path) {
  namespace interprocess = boost::interprocess;
  try {
    const interprocess::file_mapping file(path.c_str(), interprocess::read_write);
    interprocess::mapped_region region(file, interprocess::read_write);
    region.flush(0, 0, false);
  } catch (const interprocess::interprocess_exception& error) {
    throw std::system_error(error.get_native_error(), std::system_category(), path);
  }
}

}  // namespace

std::string write_checkpoint(const CheckpointOwner& owner, const StoredPositions& stored) {
  core::Buffer text;
  json::Writer out(text);
  out.raw(R"({"chroma_bulk_checkpoint":)");
  out.number(format_version);
  out.raw(R"(,"collection_id":)");
  out.string(owner.collection_id);
  out.raw(R"(,"operation":)");
  out.string(to_string(owner.operation));
  out.raw(R"(,"source":)");
  out.string(owner.source);
  out.raw(R"(,"low_water":)");
  out.number(stored.low_water);
  out.raw(R"(,"ranges":)");
  json::write_array(out, stored.ranges, [&](const auto& range) {
    out.raw('[');
    out.number(range.first);
    out.raw(',');
    out.number(range.second);
    out.raw(']');
  });
  out.raw("}\n");
  return std::string(text.view());
}

StoredPositions read_checkpoint(std::string_view text, const CheckpointOwner& owner) {
  Content content;
  try {
    content = parse(text);
  } catch (const ChromaHttpClientError& error) {
    refuse(std::string("the file is not a checkpoint: ") + error.what());
  }
  if (content.version != format_version) {
    refuse("the file has the format " + std::to_string(content.version) + ", this library reads " +
           std::to_string(format_version));
  }
  if (content.owner.collection_id != owner.collection_id) {
    refuse("the file belongs to the collection " + content.owner.collection_id + ", not to " +
           owner.collection_id);
  }
  if (content.operation != to_string(owner.operation)) {
    refuse("the file belongs to the operation " + content.operation + ", not to " +
           to_string(owner.operation));
  }
  if (content.owner.source != owner.source) {
    refuse("the file belongs to the source \"" + content.owner.source + "\", not to \"" + owner.source +
           "\"");
  }
  return std::move(content.stored);
}

std::optional<std::string> read_file(const std::string& path) {
  std::error_code failure;
  if (!std::filesystem::exists(path, failure) && !failure) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  std::string content(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) refuse("the file " + path + " cannot be read");
  return content;
}

void replace_file(const std::string& path, std::string_view content) {
  const auto temporary = path + ".tmp";
  {
    errno = 0;
    std::ofstream file(temporary, std::ios::binary | std::ios::trunc);
    file.write(content.data(), static_cast<std::streamsize>(content.size()));
    file.flush();
    if (!file) throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(), temporary);
  }
  write_to_disk(temporary);
  std::filesystem::rename(temporary, path);
}

}  // namespace chroma::bulk
