# SPDX-License-Identifier: GPL-3.0-or-later
# TORCHDESK_BUILD_ID: what program and engine module must agree on before a C++ object crosses: the headers of the
# contract, the compiler, the flags, the version of LibTorch.
file(STRINGS "${PROJECT_SOURCE_DIR}/installer/versions" libtorch_line REGEX "^LIBTORCH_VERSION=")
string(REPLACE "LIBTORCH_VERSION=" "" TORCHDESK_LIBTORCH_VERSION "${libtorch_line}")

file(GLOB contract CONFIGURE_DEPENDS base/*.h data/*.h model/*.h plan/*.h session/*.h
  device/*.h run/*.h cuda/cudaentry.h "${PROJECT_SOURCE_DIR}/CMakeLists.txt")
set(hashes "")
foreach(header IN LISTS contract)
  file(SHA256 "${header}" hash)
  string(APPEND hashes "${hash}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${header}")
endforeach()
string(SHA256 build_id
  "${hashes}|${CMAKE_CXX_COMPILER_ID}|${CMAKE_CXX_COMPILER_VERSION}|${CMAKE_BUILD_TYPE}|${CMAKE_CXX_FLAGS}|${TORCHDESK_SANITIZE}|${TORCHDESK_LIBTORCH_VERSION}")
string(SUBSTRING "${build_id}" 0 16 build_id)
set(TORCHDESK_BUILD_ID "${PROJECT_VERSION}-${build_id}" CACHE INTERNAL "")
set(TORCHDESK_LIBTORCH_VERSION "${TORCHDESK_LIBTORCH_VERSION}" CACHE INTERNAL "")

# The folder of LibTorch (holds lib/ and include/): the option, the environment, or where installer/setup puts it.
if(TORCHDESK_LIBTORCH)
  set(libtorch "${TORCHDESK_LIBTORCH}")
elseif(DEFINED ENV{TORCHDESK_LIBTORCH})
  set(libtorch "$ENV{TORCHDESK_LIBTORCH}")
else()
  if(DEFINED ENV{XDG_CACHE_HOME})
    set(cache "$ENV{XDG_CACHE_HOME}")
  else()
    set(cache "$ENV{HOME}/.cache")
  endif()
  set(libtorch "${cache}/torchdesk/libtorch-${TORCHDESK_LIBTORCH_VERSION}/torch")
endif()
set(TORCHDESK_LIBTORCH_FOLDER "${libtorch}" CACHE INTERNAL "")
