#include "shapes.hpp"

#include <algorithm>
#include <cmath>

namespace linear {
namespace {

// `count` times `item`, separated by commas.
std::string list(std::string_view item, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text.append(i ? "," : "").append(item);
  return text;
}

std::string filled(std::string_view item, std::size_t number, std::size_t width) {
  std::string text;
  for (const char c : item) {
    if (c == '#') {
      text += std::to_string(number);
    } else if (c == '@') {
      text += list("0", width);
    } else if (c == '&') {
      text += list(R"("")", width);
    } else {
      text.push_back(c);
    }
  }
  return text;
}

}  // namespace

std::string Shape::text(std::size_t bytes) const {
  std::string text;
  const std::size_t share = bytes / runs.size();
  const auto width = static_cast<std::size_t>(std::sqrt(static_cast<double>(share)));
  for (const Run& run : runs) {
    text += run.before;
    const std::size_t limit = text.size() + share;
    for (std::size_t i = 0; i == 0 || text.size() < limit; ++i) {
      if (i > 0) text.push_back(',');
      text += filled(run.item, i, width);
    }
  }
  return text.append(end);
}

std::vector<Shape> get_shapes() {
  return {
      {"empty ids", {{R"({"ids":[)", R"("")"}}, "]}"},
      {"short ids", {{R"({"ids":[)", R"("id-#")"}}, "]}"},
      {"escaped ids", {{R"({"ids":[)", R"("\u0041\n")"}}, "]}"},
      {"no documents", {{R"({"ids":[],"documents":[)", "null"}}, "]}"},
      {"empty documents", {{R"({"ids":[],"documents":[)", R"("")"}}, "]}"},
      {"ids and empty documents", {{R"({"ids":[)", R"("")"}, {R"(],"documents":[)", R"("")"}}, "]}"},
      {"ids and no document at all",
       {{R"({"ids":[)", R"("")"}},
       R"(],"documents":[],"uris":[],"metadatas":[]})"},
      {"no metadata", {{R"({"ids":[],"metadatas":[)", "null"}}, "]}"},
      {"empty metadata", {{R"({"ids":[],"metadatas":[)", "{}"}}, "]}"},
      {"ids and empty metadata", {{R"({"ids":[)", R"("")"}, {R"(],"metadatas":[)", "{}"}}, "]}"},
      {"metadata of one key", {{R"({"ids":[],"metadatas":[)", R"({"":0})"}}, "]}"},
      {"metadata of many keys", {{R"({"ids":[],"metadatas":[{)", R"("#":0)"}}, "}]}"},
      {"metadata of one key many times", {{R"({"ids":[],"metadatas":[{)", R"("k":[0])"}}, "}]}"},
      {"empty arrays in metadata", {{R"({"ids":[],"metadatas":[{)", R"("#":[])"}}, "}]}"},
      {"booleans in metadata", {{R"({"ids":[],"metadatas":[{"a":[)", "true"}}, "]}]}"},
      {"integers in metadata", {{R"({"ids":[],"metadatas":[{"a":[)", "0"}}, "]}]}"},
      {"integers before floats", {{R"({"ids":[],"metadatas":[{"a":[)", "0"}, {",", "0.5"}}, "]}]}"},
      {"texts in metadata", {{R"({"ids":[],"metadatas":[{"a":[)", R"("")"}}, "]}]}"},
      {"sparse vectors",
       {{R"({"ids":[],"metadatas":[{)", R"("#":{"indices":[],"values":[],"tokens":[]})"}},
       "}]}"},
      {"a long sparse vector",
       {{R"({"ids":[],"metadatas":[{"a":{"indices":[)", "0"},
        {R"(],"values":[)", "0"},
        {R"(],"tokens":[)", R"("")"}},
       "]}}]}"},
      {"empty rows", {{R"({"ids":[],"embeddings":[)", "[]"}}, "]}"},
      {"missing rows", {{R"({"ids":[],"embeddings":[)", "null"}}, "]}"},
      {"rows of one number", {{R"({"ids":[],"embeddings":[)", "[0]"}}, "]}"},
      {"one row", {{R"({"ids":[],"embeddings":[[)", "0"}}, "]]}"},
      {"square rows", {{R"({"ids":[],"embeddings":[)", "[@]"}}, "]}"},
      {"a long row, then rows of one number", {{R"({"ids":[],"embeddings":[[)", "0.5"}, {"],", "[0]"}}, "]}"},
      {"a long row, then empty rows", {{R"({"ids":[],"embeddings":[[)", "0"}, {"],", "[]"}}, "]}"},
      {"a long row, then missing rows", {{R"({"ids":[],"embeddings":[[)", "0"}, {"],", "null"}}, "]}"},
      {"an empty row, then rows of one number", {{R"({"ids":[],"embeddings":[[],)", "[0]"}}, "]}"},
      {"rows of one number, then a long row", {{R"({"ids":[],"embeddings":[)", "[0]"}, {",[", "0"}}, "]]}"},
      {"rows of one number, then square rows", {{R"({"ids":[],"embeddings":[)", "[0]"}, {",", "[@]"}}, "]}"},
      {"ids, then one long row", {{R"({"ids":[)", R"("")"}, {R"(],"embeddings":[[)", "0"}}, "]]}"},
      {"ids, then a long row, then rows of one number",
       {{R"({"ids":[)", R"("")"}, {R"(],"embeddings":[[)", "0"}, {"],", "[0]"}},
       "]}"},
      {"empty rows of base64", {{R"({"ids":[],"embeddings":[)", R"("")"}}, "]}"},
      {"rows of base64", {{R"({"ids":[],"embeddings":[)", R"("AAAAAA==")"}}, "]}"},
      {"rows of numbers and of base64", {{R"({"ids":[],"embeddings":[)", R"([0],"AAAAAA==")"}}, "]}"},
      {"ids many times", {{R"({)", R"("ids":[])"}}, "}"},
      {"embeddings many times", {{R"({"ids":[],)", R"("embeddings":[[0]])"}}, "}"},
      {"ids, then embeddings many times", {{R"({"ids":[)", R"("")"}, {"],", R"("embeddings":[[0,0]])"}}, "}"},
      {"ids, then columns many times",
       {{R"({"ids":[)", R"("")"}, {"],", R"("documents":[],"metadatas":[{}])"}},
       "}"},
      {"columns included", {{R"({"ids":[],"include":[)", R"("uris")"}}, "]}"},
      {"unknown columns included", {{R"({"ids":[],"include":[)", R"("")"}}, "]}"},
      {"unknown keys", {{R"({"ids":[],)", R"("#":0)"}}, "}"},
      {"unknown arrays", {{R"({"ids":[],"a":[)", "[[[]]]"}}, "]}"},
      {"a fault at the end", {{R"({"ids":[)", R"("")"}}, "]"},
      {"a fault in the last row", {{R"({"ids":[],"embeddings":[)", "[0]"}}, ",[x]]}"},
      {"columns of unlike length", {{R"({"ids":[)", R"("")"}, {R"(],"embeddings":[)", "[0]"}}, ",[]]}"},
  };
}

std::vector<Shape> query_shapes() {
  return {
      {"queries without a result", {{R"({"ids":[)", "[]"}}, "]}"},
      {"queries with one result", {{R"({"ids":[)", R"([""])"}}, "]}"},
      {"square ids", {{R"({"ids":[)", "[&]"}}, "]}"},
      {"empty embeddings", {{R"({"ids":[],"embeddings":[)", "[]"}}, "]}"},
      {"absent embeddings", {{R"({"ids":[],"embeddings":[)", "[null]"}}, "]}"},
      {"embeddings of one number", {{R"({"ids":[],"embeddings":[)", "[[0]]"}}, "]}"},
      {"embeddings of two numbers", {{R"({"ids":[],"embeddings":[)", "[[0,0]]"}}, "]}"},
      {"embeddings of one row", {{R"({"ids":[],"embeddings":[)", "[[@]]"}}, "]}"},
      {"embeddings that get shorter", {{R"({"ids":[],"embeddings":[)", "[[@],[],[0]]"}}, "]}"},
      {"ids, then embeddings of one number",
       {{R"({"ids":[)", R"([""])"}, {R"(],"embeddings":[)", "[[0]]"}},
       "]}"},
      {"square ids, then embeddings of one row",
       {{R"({"ids":[)", "[&]"}, {R"(],"embeddings":[)", "[[@]]"}},
       "]}"},
      {"many ids of one query", {{R"({"ids":[[)", R"("")"}, {R"(]],"embeddings":[)", "[[0,0]]"}}, "]}"},
      {"empty documents", {{R"({"ids":[],"documents":[)", "[]"}}, "]}"},
      {"square ids, then no documents", {{R"({"ids":[)", "[&]"}, {R"(],"documents":[)", "[]"}}, "]}"},
      {"square ids, then columns many times",
       {{R"({"ids":[)", "[&]"}, {"],", R"("metadatas":[[],[],[],[]],"uris":[[],[],[]])"}},
       "}"},
      {"ids, then metadatas", {{R"({"ids":[)", R"([""])"}, {R"(],"metadatas":[)", "[{}]"}}, "]}"},
      {"ids, then distances", {{R"({"ids":[)", R"([""])"}, {R"(],"distances":[)", "[0]"}}, "]}"},
      {"distances of one query", {{R"({"ids":[],"distances":[[)", "0"}}, "]]}"},
      {"absent distances", {{R"({"ids":[],"distances":[[)", "null"}}, "]]}"},
      {"empty distances", {{R"({"ids":[],"distances":[)", "[]"}}, "]}"},
  };
}

std::vector<Shape> search_shapes() {
  return {
      {"searches without a result", {{R"({"ids":[)", "[]"}}, "]}"},
      {"absent embeddings", {{R"({"ids":[],"embeddings":[)", "null"}}, "]}"},
      {"empty embeddings", {{R"({"ids":[],"embeddings":[)", "[]"}}, "]}"},
      {"embeddings of one number", {{R"({"ids":[],"embeddings":[)", "[[0]]"}}, "]}"},
      {"absent documents", {{R"({"ids":[],"documents":[)", "null"}}, "]}"},
      {"empty metadatas", {{R"({"ids":[],"metadatas":[)", "[]"}}, "]}"},
      {"absent scores", {{R"({"ids":[],"scores":[)", "null"}}, "]}"},
      {"empty scores", {{R"({"ids":[],"scores":[)", "[]"}}, "]}"},
      {"ids, then scores", {{R"({"ids":[)", R"([""])"}, {R"(],"scores":[)", "[0]"}}, "]}"},
      {"empty selections", {{R"({"ids":[],"select":[)", "[]"}}, "]}"},
      {"selections", {{R"({"ids":[],"select":[[)", R"("")"}}, "]]}"},
      {"selected fields", {{R"({"ids":[],"select":[[)", R"("#id")"}}, "]]}"},
  };
}

namespace {

constexpr std::string_view collection_start =
    R"({"id":"0f8fad5b-d9cb-469f-a165-70867728950e","name":"c","tenant":"t","database":"d","log_position":0,"version":0,"configuration_json":{)";

}  // namespace

std::vector<Shape> collection_shapes() {
  const auto with = [](std::string_view name, std::string_view before, std::string_view item,
                       std::string_view end) {
    return Shape{name, {{collection_start, R"("hnsw":{})"}, {before, item}}, end};
  };
  return {
      with("metadata of many keys", R"(},"metadata":{)", R"("#":0)", "}}"),
      with("unknown keys", "},", R"("#":0)", "}"),
      with("unknown keys of the configuration", ",", R"("#":0)", "}}"),
      with("unknown keys of an index", R"(,"spann":null,"hnsw":{)", R"("#":0)", "}}}"),
      with("unknown keys of an embedding function", R"(,"embedding_function":{"type":"legacy",)", R"("#":0)",
           "}}}"),
      with("keys of a schema", R"(},"schema":{"defaults":{},"keys":{)", R"("#":{})", "}}}"),
      with("keys of a schema with their types", R"(},"schema":{"defaults":{},"keys":{)",
           R"("#":{"string":{}})", "}}}"),
      with("unknown types of a schema", R"(},"schema":{"keys":{},"defaults":{)", R"("#":{})", "}}}"),
      with("a key of a schema many times", R"(},"schema":{"defaults":{},"keys":{)", R"("":{"float_list":{}})",
           "}}}"),
  };
}

std::vector<Shape> collection_list_shapes() {
  return {
      {"numbers", {{"[", "0"}}, "]"},
      {"empty objects", {{"[", "{}"}}, "]"},
      {"objects without an id", {{"[", R"({"name":""})"}}, "]"},
      {"a long item that cannot be read", {{R"([{"id":[)", "0"}}, "]}]"},
      {"a long id that is none", {{R"([{"id":")", "x"}}, R"("}])"},
  };
}

std::vector<Shape> database_shapes() {
  return {
      {"empty names", {{"[", R"({"id":"","name":""})"}}, "]"},
      {"a long name", {{R"([{"id":"","name":")", "x"}}, R"("}])"},
  };
}

std::vector<Shape> identity_shapes() {
  return {
      {"databases", {{R"({"user_id":"","tenant":"","databases":[)", R"("")"}}, "]}"},
      {"databases many times", {{"{", R"("databases":[""])"}}, "}"},
  };
}

std::vector<Shape> error_shapes() {
  return {
      {"messages", {{R"({"detail":[)", R"({"loc":[0,0,0],"msg":""})"}}, "]}"},
      {"texts", {{"[", R"("")"}}, "]"},
      {"a long place", {{R"({"detail":[{"msg":"m","loc":[)", "0"}}, "]}]}"},
      {"keys", {{"{", R"("error":{})"}}, "}"},
      {"tags", {{"<html>", "<p>"}}, ""},
      {"openings", {{"<html>", "<"}}, ""},
      {"blanks", {{"<html>", " "}}, ""},
      {"text", {{"x", "y"}}, ""},
  };
}

std::vector<Shape> unknown_shapes() {
  return {
      {"keys", {{"{", R"("#":0)"}}, "}"},
      {"escaped keys", {{"{", R"("\u0041":"\u0041")"}}, "}"},
      {"arrays", {{R"({"a":[)", "[[[]]]"}}, "]}"},
      {"objects", {{"[", "{}"}}, "]"},
      {"a number", {{"1", "0"}}, ""},
      {"a fault at the end", {{R"({"a/b":[)", "[[[]]]"}}, ",x"},
  };
}

}  // namespace linear
