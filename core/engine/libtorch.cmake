# SPDX-License-Identifier: GPL-3.0-or-later
# LibTorch as imported targets of our own. Not find_package(Torch): that one is fatal without a CUDA toolkit, links
# libtorch_cuda into everything and ignores the architectures asked for.
#   torchdesk::torch        headers, libtorch_cpu and libc10
set(advice
  "Run installer/setup, which fetches LibTorch ${TORCHDESK_LIBTORCH_VERSION} into the cache folder of the user; or point "
  "-DTORCHDESK_LIBTORCH=DIR (or the environment variable TORCHDESK_LIBTORCH) at a folder that holds its lib/ and include/; "
  "or configure with -DTORCHDESK_ENGINE=OFF to build without the engine.")
string(CONCAT advice ${advice})

set(torch_folder "${TORCHDESK_LIBTORCH_FOLDER}")
set(torch_version_header "${torch_folder}/include/torch/headeronly/version.h")
if(NOT EXISTS "${torch_version_header}")
  set(torch_version_header "${torch_folder}/include/torch/csrc/api/include/torch/version.h")
endif()
foreach(needed "${torch_folder}/lib/libtorch_cpu.so" "${torch_folder}/lib/libc10.so" "${torch_version_header}")
  if(NOT EXISTS "${needed}")
    message(FATAL_ERROR "LibTorch is not at ${torch_folder}: ${needed} is missing. ${advice}")
  endif()
endforeach()

file(STRINGS "${torch_version_header}" torch_version REGEX "#define TORCH_VERSION_(MAJOR|MINOR|PATCH) ")
list(TRANSFORM torch_version REPLACE ".*(MAJOR|MINOR|PATCH) +([0-9]+).*" "\\2")
list(JOIN torch_version "." torch_version)
if(NOT torch_version STREQUAL TORCHDESK_LIBTORCH_VERSION)
  message(FATAL_ERROR
    "LibTorch at ${torch_folder} is version '${torch_version}', wanted ${TORCHDESK_LIBTORCH_VERSION}. ${advice}")
endif()

add_library(torchdesk_c10 SHARED IMPORTED GLOBAL)
set_target_properties(torchdesk_c10 PROPERTIES IMPORTED_LOCATION "${torch_folder}/lib/libc10.so")
add_library(torchdesk_torch SHARED IMPORTED GLOBAL)
add_library(torchdesk::torch ALIAS torchdesk_torch)
set_target_properties(torchdesk_torch PROPERTIES
  IMPORTED_LOCATION "${torch_folder}/lib/libtorch_cpu.so"
  INTERFACE_INCLUDE_DIRECTORIES "${torch_folder}/include"
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${torch_folder}/include"
  INTERFACE_LINK_LIBRARIES torchdesk_c10
  # The NVIDIA libraries beside torch are found through torch's own RPATH when it is loaded, not when we link.
  INTERFACE_LINK_OPTIONS "-Wl,--unresolved-symbols=ignore-in-shared-libs;-Wl,-rpath,${torch_folder}/lib")
