# chroma_test(name SOURCES file... LABEL label [LAYERS layer...] [LINKS target...]): the test executable
# chroma_<name>_tests, with GoogleTest's main function unless a source defines one. It is linked to the layers that it
# names, internals included, or to chroma::chroma if it names none.
function(chroma_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LAYERS;LINKS" ${ARGN})
  set(target chroma_${name}_tests)
  add_executable(${target} ${ARG_SOURCES})
  chroma_target_defaults(${target})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  if(ARG_LAYERS)
    list(TRANSFORM ARG_LAYERS PREPEND chroma_)
  else()
    set(ARG_LAYERS chroma::chroma)
  endif()
  target_link_libraries(${target} PRIVATE ${ARG_LAYERS} ${ARG_LINKS} GTest::gtest_main)
  target_precompile_headers(${target} REUSE_FROM chroma_test_headers)
  set(properties LABELS ${ARG_LABEL})
  if(ARG_LABEL MATCHES "integration|golden")
    list(APPEND properties RESOURCE_LOCK chroma_server) # Tests that use a real server take turns on it.
  endif()
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST PROPERTIES ${properties})
endfunction()
