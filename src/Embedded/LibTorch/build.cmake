# cmake -DSOURCE=... -DBUILD=... -DOUTPUT=... -P build.cmake
# Configures and builds the library, one process at a time, and puts it in place in one step: projects that build at the
# same moment share the build directory, and a running program may have the old file open.
file(MAKE_DIRECTORY ${BUILD})
file(LOCK ${BUILD} DIRECTORY GUARD PROCESS)

# What was configured elsewhere, before the checkout was copied or moved, CMake refuses to use.
if(EXISTS ${BUILD}/CMakeCache.txt)
  file(STRINGS ${BUILD}/CMakeCache.txt configured REGEX "^CMAKE_HOME_DIRECTORY:")
  if(NOT configured STREQUAL "CMAKE_HOME_DIRECTORY:INTERNAL=${SOURCE}")
    file(REMOVE_RECURSE ${BUILD}/CMakeCache.txt ${BUILD}/CMakeFiles)
  endif()
endif()

execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} RESULT_VARIABLE failed)
if(NOT failed)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${BUILD} --parallel RESULT_VARIABLE failed)
endif()
if(failed)
  message(FATAL_ERROR "The native library was not built.")
endif()

get_filename_component(name ${OUTPUT} NAME)
file(COPY_FILE ${BUILD}/${name} ${OUTPUT}.new)
file(RENAME ${OUTPUT}.new ${OUTPUT})
