# Optional parts of the package. Each is a library of its own, the target chroma::NAME. CHROMA_WITH_NAME says whether it
# is built, and find_package(chroma COMPONENTS NAME) finds it when it is installed.
#
# chroma_component(name
#   PACKAGES package...        arguments of find_package(): what the library is linked with
#   BUILD_PACKAGES package...  the same: what is needed to compile it only, such as libraries of headers
#   HEADERS header...          its public headers, below include/chroma
#   SOURCES file...
#   LINKS target...            linked PRIVATE; chroma::chroma is linked PUBLIC without being named
#   BUILD_LINKS target...)     targets of BUILD_PACKAGES
#
# A component uses the public interface of chroma::chroma and those internals that are marked CHROMA_API, because a
# shared library exports nothing else.
# Find modules that CMake does not have are in cmake/modules; those of PACKAGES are installed as well.
list(PREPEND CMAKE_MODULE_PATH ${PROJECT_SOURCE_DIR}/cmake/modules)

# chroma_find_missing(packages variable): the names of the packages that were not found, separated by commas.
function(chroma_find_missing packages variable)
  # Targets of every directory that link a static component need its imported targets.
  set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
  set(missing "")
  foreach(package IN LISTS packages)
    separate_arguments(arguments UNIX_COMMAND "${package}")
    list(GET arguments 0 name)
    find_package(${arguments} QUIET)
    if(NOT ${name}_FOUND)
      list(APPEND missing ${name})
    endif()
  endforeach()
  list(JOIN missing ", " missing)
  set(${variable} "${missing}" PARENT_SCOPE)
endfunction()

function(chroma_component name)
  cmake_parse_arguments(ARG "" "" "PACKAGES;BUILD_PACKAGES;HEADERS;SOURCES;LINKS;BUILD_LINKS" ${ARGN})
  string(TOUPPER CHROMA_WITH_${name} option)
  set(${option} AUTO CACHE STRING "Build the component ${name}: ON, OFF, or AUTO, where its dependencies are found")
  set_property(CACHE ${option} PROPERTY STRINGS AUTO ON OFF)
  list(TRANSFORM ARG_HEADERS PREPEND ${PROJECT_SOURCE_DIR}/include/chroma/)
  # These headers are not in the library's own list of headers, whether or not the component is built.
  set_property(GLOBAL APPEND PROPERTY chroma_component_headers ${ARG_HEADERS})
  set_property(GLOBAL APPEND PROPERTY chroma_components ${name})

  set(absent "")
  if(${option}) # AUTO is true as well.
    set(packages ${ARG_PACKAGES} ${ARG_BUILD_PACKAGES})
    chroma_find_missing("${packages}" missing)
    if(missing)
      set(absent "${missing} was not found when it was configured")
      if(NOT ${option} STREQUAL "AUTO")
        message(FATAL_ERROR "${option} is ${${option}}, but the component ${name} needs ${missing}, which was not found")
      endif()
    endif()
  else()
    set(absent "it was configured with ${option}=${${option}}")
  endif()
  set_property(GLOBAL PROPERTY chroma_${name}_packages "${ARG_PACKAGES}")
  set_property(GLOBAL PROPERTY chroma_${name}_absent "${absent}")
  if(absent)
    message(STATUS "chroma: the component ${name} is not built: ${absent}")
    return()
  endif()

  add_library(chroma_${name} ${ARG_SOURCES})
  add_library(chroma::${name} ALIAS chroma_${name})
  chroma_target_defaults(chroma_${name})
  set_target_properties(chroma_${name} PROPERTIES EXPORT_NAME ${name} VERSION ${PROJECT_VERSION}
                        SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  if(CHROMA_UNITY_BUILD)
    chroma_compile_together(chroma_${name})
  endif()
  if(NOT PROJECT_IS_TOP_LEVEL AND NOT CHROMA_INSTALL)
    set_target_properties(chroma_${name} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
  target_sources(chroma_${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${ARG_HEADERS})
  target_include_directories(chroma_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_compile_definitions(chroma_${name} PRIVATE CHROMA_BUILDING)
  list(TRANSFORM ARG_BUILD_LINKS REPLACE "(.+)" "$<BUILD_INTERFACE:\\1>")
  target_link_libraries(chroma_${name} PUBLIC chroma::chroma PRIVATE ${ARG_LINKS} ${ARG_BUILD_LINKS})
endfunction()
