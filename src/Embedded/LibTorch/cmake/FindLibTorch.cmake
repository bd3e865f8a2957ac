# Finds libtorch by its headers and libraries, not through its own TorchConfig.cmake: that one demands the complete CUDA
# toolkit for a CUDA build and several development packages on Debian, of which this library needs none.
# Looks in TORCH_DIR (variable or environment) and nowhere else where that is given; otherwise in CMAKE_PREFIX_PATH (which
# takes what `torch.utils.cmake_prefix_path` gives), then in the system's directories.
# Sets LIBTORCH_INCLUDE_DIRS, LIBTORCH_LIBRARIES, LIBTORCH_BLAS, LIBTORCH_ONEDNN, LIBTORCH_DEFINITIONS, LIBTORCH_CXX_STANDARD.

set(roots ${TORCH_DIR} $ENV{TORCH_DIR})
set(elsewhere)
if(roots)
  set(elsewhere NO_DEFAULT_PATH)
else()
  set(roots ${CMAKE_PREFIX_PATH} $ENV{CMAKE_PREFIX_PATH})
endif()
set(hints)
foreach(root IN LISTS roots)
  # The root itself, PyTorch's share/cmake, and share/cmake/Torch below it.
  list(APPEND hints ${root} ${root}/../.. ${root}/../../..)
endforeach()

find_path(LIBTORCH_INCLUDE_DIR ATen/core/dispatch/Dispatcher.h HINTS ${hints} PATH_SUFFIXES include ${elsewhere})
find_library(LIBTORCH_LIBRARY torch HINTS ${hints} PATH_SUFFIXES lib ${elsewhere})
find_library(LIBTORCH_CPU_LIBRARY torch_cpu HINTS ${hints} PATH_SUFFIXES lib ${elsewhere})
find_library(LIBTORCH_C10_LIBRARY c10 HINTS ${hints} PATH_SUFFIXES lib ${elsewhere})
if(NOT LIBTORCH_INCLUDE_DIR OR NOT LIBTORCH_LIBRARY OR NOT LIBTORCH_CPU_LIBRARY OR NOT LIBTORCH_C10_LIBRARY)
  if(elsewhere)
    message(FATAL_ERROR "There is no libtorch in TORCH_DIR (${roots}).")
  endif()
  message(FATAL_ERROR "libtorch was not found: run ./build/setup.sh, or name its directory in TORCH_DIR.")
endif()

set(LIBTORCH_INCLUDE_DIRS ${LIBTORCH_INCLUDE_DIR} ${LIBTORCH_INCLUDE_DIR}/torch/csrc/api/include)
set(LIBTORCH_LIBRARIES ${LIBTORCH_LIBRARY} ${LIBTORCH_CPU_LIBRARY} ${LIBTORCH_C10_LIBRARY})
get_filename_component(libtorch_lib_dir ${LIBTORCH_CPU_LIBRARY} DIRECTORY)

# version.h moved to torch/headeronly in libtorch 2.9; the file at the old place then only includes it.
foreach(header torch/headeronly/version.h torch/csrc/api/include/torch/version.h)
  if(EXISTS ${LIBTORCH_INCLUDE_DIR}/${header})
    file(STRINGS ${LIBTORCH_INCLUDE_DIR}/${header} lines REGEX "#define TORCH_VERSION_(MAJOR|MINOR) [0-9]+")
    if(lines)
      string(REGEX MATCH "MAJOR ([0-9]+)" _ "${lines}")
      set(major ${CMAKE_MATCH_1})
      string(REGEX MATCH "MINOR ([0-9]+)" _ "${lines}")
      set(LIBTORCH_VERSION ${major}.${CMAKE_MATCH_1})
      break()
    endif()
  endif()
endforeach()
if(NOT LIBTORCH_VERSION OR LIBTORCH_VERSION VERSION_LESS 1.13)
  message(FATAL_ERROR "libtorch ${LIBTORCH_VERSION} in ${libtorch_lib_dir} is too old: 1.13 or newer is needed.")
endif()

set(LIBTORCH_CXX_STANDARD 17)
if(LIBTORCH_VERSION VERSION_GREATER_EQUAL 2.10 AND "cxx_std_20" IN_LIST CMAKE_CXX_COMPILE_FEATURES)
  set(LIBTORCH_CXX_STANDARD 20)
endif()

# The string ABI this libtorch was built with: PyTorch's wheels before 2.6 used the old one.
set(LIBTORCH_DEFINITIONS)
foreach(config ${libtorch_lib_dir}/cmake/Torch ${libtorch_lib_dir}/../share/cmake/Torch)
  if(EXISTS ${config}/TorchConfig.cmake)
    file(STRINGS ${config}/TorchConfig.cmake lines REGEX "_GLIBCXX_USE_CXX11_ABI=[01]")
    if(lines MATCHES "(_GLIBCXX_USE_CXX11_ABI=[01])")
      set(LIBTORCH_DEFINITIONS ${CMAKE_MATCH_1})
    endif()
  endif()
endforeach()

# Only a libtorch that takes its BLAS from outside (Debian's) can be given a faster one; it takes oneDNN from outside too, and
# two copies of that would not do.
set(LIBTORCH_BLAS)
set(LIBTORCH_ONEDNN)
execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${LIBTORCH_CPU_LIBRARY} OUTPUT_VARIABLE needed ERROR_QUIET)
if(needed MATCHES "libblas")
  find_library(OPENBLAS_LIBRARY NAMES openblas libopenblas.so.0)
  if(OPENBLAS_LIBRARY)
    set(LIBTORCH_BLAS ${OPENBLAS_LIBRARY})
  else()
    message(WARNING "OpenBLAS was not found; with the reference BLAS matrix products are about 45 times slower. "
      "./build/setup.sh installs it.")
  endif()
  find_path(ONEDNN_INCLUDE_DIR dnnl.hpp)
  find_library(ONEDNN_LIBRARY dnnl)
  if(ONEDNN_INCLUDE_DIR AND ONEDNN_LIBRARY)
    set(LIBTORCH_ONEDNN ${ONEDNN_LIBRARY})
  else()
    message(WARNING "The headers of oneDNN were not found; matrix products are then half as fast, and bfloat16 ones are not "
      "to be had. ./build/setup.sh installs them.")
  endif()
endif()

message(STATUS "libtorch ${LIBTORCH_VERSION} (C++${LIBTORCH_CXX_STANDARD}) in ${libtorch_lib_dir}")
