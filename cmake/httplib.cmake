# The imported target httplib::httplib for tests. Debian's package has a pkg-config file only, other
# distributions a CMake package.
find_package(httplib QUIET)
if(NOT TARGET httplib::httplib)
  find_package(PkgConfig REQUIRED)
  pkg_check_modules(cpp-httplib REQUIRED IMPORTED_TARGET GLOBAL cpp-httplib)
  add_library(httplib::httplib ALIAS PkgConfig::cpp-httplib)
endif()
