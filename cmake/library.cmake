# The library, which consists of the objects of all layers.
add_library(chroma)
add_library(chroma::chroma ALIAS chroma)
chroma_target_defaults(chroma)
set_target_properties(chroma PROPERTIES VERSION ${PROJECT_VERSION}
                      SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
foreach(layer core json types codec transport embed client bulk)
  target_sources(chroma PRIVATE $<TARGET_OBJECTS:chroma_${layer}>)
endforeach()

# Every header below include/ is public, and the next build finds new ones. Headers of components are not part of
# this list.
file(GLOB_RECURSE chroma_public_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/chroma/*.hpp)
get_property(chroma_component_headers GLOBAL PROPERTY chroma_component_headers)
list(REMOVE_ITEM chroma_public_headers ${chroma_component_headers})
target_sources(chroma PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include
               FILES ${chroma_public_headers})

target_link_libraries(chroma PUBLIC Boost::headers Threads::Threads
                      PRIVATE OpenSSL::SSL OpenSSL::Crypto simdjson::simdjson spdlog::spdlog)

# GCC is wrong about coroutines, in users' files as well: at -O1 and above it takes the operators new and delete of
# Asio's coroutine frames for a mismatched pair, and at link time it takes the frame of a coroutine template that is
# instantiated in two files for two types, because it numbers the frame's members by file.
target_compile_options(chroma INTERFACE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-mismatched-new-delete>)
target_link_options(chroma PUBLIC $<$<LINK_LANG_AND_ID:CXX,GNU>:-Wno-odr>)
get_target_property(chroma_library_type chroma TYPE)
if(chroma_library_type STREQUAL "SHARED_LIBRARY")
  target_compile_definitions(chroma INTERFACE CHROMA_SHARED)
endif()
