# The installed package: library and headers, CMake package files, pkg-config file.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(chroma_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/chroma)
install(TARGETS chroma EXPORT chroma-targets FILE_SET HEADERS)
install(EXPORT chroma-targets NAMESPACE chroma:: DESTINATION ${chroma_package_dir})

# Each component has an export of its own, which is read only when the component is asked for.
get_property(chroma_components GLOBAL PROPERTY chroma_components)
set(chroma_component_settings "")
foreach(component IN LISTS chroma_components)
  get_property(packages GLOBAL PROPERTY chroma_${component}_packages)
  get_property(absent GLOBAL PROPERTY chroma_${component}_absent)
  if(TARGET chroma_${component})
    install(TARGETS chroma_${component} EXPORT chroma-${component}-targets FILE_SET HEADERS)
    install(EXPORT chroma-${component}-targets NAMESPACE chroma:: DESTINATION ${chroma_package_dir})
    get_target_property(type chroma_${component} TYPE)
    if(NOT type STREQUAL "STATIC_LIBRARY") # A shared library brings along what it is linked with.
      set(packages "")
    endif()
    foreach(package IN LISTS packages)
      string(REGEX MATCH "^[^ ]+" package ${package})
      install(FILES cmake/modules/Find${package}.cmake DESTINATION ${chroma_package_dir}/modules OPTIONAL)
    endforeach()
  endif()
  string(APPEND chroma_component_settings "set(chroma_${component}_packages [[${packages}]])\n"
         "set(chroma_${component}_absent [[${absent}]])\n")
endforeach()

configure_package_config_file(cmake/chroma-config.cmake.in chroma-config.cmake
                              INSTALL_DESTINATION ${chroma_package_dir} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a new minor version may change the interface.
write_basic_package_version_file(chroma-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/chroma-config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/chroma-config-version.cmake DESTINATION ${chroma_package_dir})

# pkg-config: programs that link the static library must link its dependencies as well.
set(chroma_pc_requires "")
if(chroma_library_type STREQUAL "STATIC_LIBRARY")
  set(chroma_pc_requires "openssl simdjson spdlog")
endif()
set(chroma_pc_cflags "")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # See library.cmake.
  set(chroma_pc_cflags " -Wno-mismatched-new-delete")
endif()
file(RELATIVE_PATH chroma_pc_prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH chroma_pc_libdir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH chroma_pc_includedir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(cmake/chroma.pc.in chroma.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/chroma.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# For users' own coroutines, see docs/coroutines-gcc12.md.
install(PROGRAMS tools/check_coroutines.py DESTINATION ${CMAKE_INSTALL_DATADIR}/chroma)

install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
