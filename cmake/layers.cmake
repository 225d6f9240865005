# Whether a sanitizer is on, by CHROMA_SANITIZE or by the flags of whoever builds the library as a part of a program.
function(chroma_is_sanitized result)
  string(TOUPPER "CMAKE_CXX_FLAGS_${CMAKE_BUILD_TYPE}" flags_of_type)
  get_directory_property(options COMPILE_OPTIONS)
  if(CHROMA_SANITIZE OR "${CMAKE_CXX_FLAGS} ${${flags_of_type}} ${options}" MATCHES "-fsanitize")
    set(${result} ON PARENT_SCOPE)
  else()
    set(${result} OFF PARENT_SCOPE)
  endif()
endfunction()

# Warnings, sanitizers and language standard of every target of this project.
function(chroma_target_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
                        VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 /utf-8 $<$<BOOL:${CHROMA_WERROR}>:/WX>)
  else()
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
                           -Wnon-virtual-dtor -Wold-style-cast $<$<BOOL:${CHROMA_WERROR}>:-Werror>)
    # GCC reports correct coroutine frames at -O2.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      target_compile_options(${target} PRIVATE -Wno-mismatched-new-delete)
      # What sanitizers insert makes GCC report initialized members of std::optional.
      chroma_is_sanitized(sanitized)
      if(sanitized)
        target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized)
      endif()
    endif()
  endif()
  if(CHROMA_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${CHROMA_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=${CHROMA_SANITIZE})
    # clang cannot assemble this one check of UBSan in coroutines.
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
      target_compile_options(${target} PRIVATE -fno-sanitize=function)
    endif()
  endif()
endfunction()

# Compiles the files of a target together, in several batches for several processors.
function(chroma_compile_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  # A specialization that is defined and used in one file has a base in the anonymous namespace, which GCC accepts
  # without a warning in the main file only.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  # Local names of a file hide those in the anonymous namespaces of the files before it.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-Wno-shadow>)
endfunction()

# GCC 14 ends with an internal error when coroutine templates of several files are compiled together.
function(chroma_separate_with_gcc14 target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 14)
    set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  endif()
endfunction()

# chroma_layer(name SOURCES ... [USES layer...] [LINKS target...]) adds one layer of the library as an object library.
# Tests link the layers that they test, so that they can use internal functions; the library contains all layers.
function(chroma_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS" ${ARGN})
  add_library(chroma_${name} OBJECT ${ARG_SOURCES})
  chroma_target_defaults(chroma_${name})
  if(CHROMA_UNITY_BUILD)
    chroma_compile_together(chroma_${name})
  endif()
  target_include_directories(chroma_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_compile_definitions(chroma_${name} PRIVATE CHROMA_BUILDING
                             # Only Windows looks at it; elsewhere both kinds compile alike, which a compiler cache knows.
                             PUBLIC $<$<AND:$<BOOL:${BUILD_SHARED_LIBS}>,$<PLATFORM_ID:Windows>>:CHROMA_SHARED>)
  # With these sections the linker option --gc-sections leaves out the functions that a program does not use.
  target_compile_options(chroma_${name} PRIVATE
                         $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-ffunction-sections;-fdata-sections>)
  target_link_libraries(chroma_${name} PUBLIC Boost::headers Threads::Threads ${ARG_LINKS})
  foreach(layer IN LISTS ARG_USES)
    target_link_libraries(chroma_${name} PUBLIC chroma_${layer})
  endforeach()
endfunction()
