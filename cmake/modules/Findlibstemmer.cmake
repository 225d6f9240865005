# The imported target libstemmer::libstemmer, the Snowball stemmers. The project ships no package file of its own.
find_path(libstemmer_INCLUDE_DIR libstemmer.h PATH_SUFFIXES libstemmer)
find_library(libstemmer_LIBRARY stemmer)
mark_as_advanced(libstemmer_INCLUDE_DIR libstemmer_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(libstemmer REQUIRED_VARS libstemmer_LIBRARY libstemmer_INCLUDE_DIR)
if(libstemmer_FOUND AND NOT TARGET libstemmer::libstemmer)
  add_library(libstemmer::libstemmer UNKNOWN IMPORTED)
  if(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL)
    set_target_properties(libstemmer::libstemmer PROPERTIES IMPORTED_GLOBAL ON)
  endif()
  set_target_properties(libstemmer::libstemmer PROPERTIES IMPORTED_LOCATION ${libstemmer_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES ${libstemmer_INCLUDE_DIR})
endif()
