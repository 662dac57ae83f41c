# One library per layer. A layer's headers are found only by the layers that link it, as "layer/file.hpp":
# an include that points upwards does not compile.

find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(fmt REQUIRED)
find_package(PkgConfig REQUIRED)
include(GoogleTest)

# ovs-vsctl lives for milliseconds, and the loader spent a third of its processor time on libcrypto: what is used of it is
# linked in, where there are archives.
find_library(WEFT_CRYPTO_ARCHIVE libcrypto.a)
if(WEFT_CRYPTO_ARCHIVE)
  set(OPENSSL_USE_STATIC_LIBS TRUE)
endif()

add_library(weft_options INTERFACE)
target_compile_options(weft_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                       -Werror)
# TRY is a statement expression, a GNU extension we use on purpose.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # And libbpf's LIBBPF_OPTS is a compound literal that names only some members; libstdc++ 12's stable_sort uses what
  # the standard has deprecated.
  target_compile_options(weft_options INTERFACE -Wno-gnu-statement-expression -Wno-c99-extensions
                         -Wno-missing-designated-field-initializers -Wno-deprecated-declarations)
else()
  # -Wpedantic has no finer switch for statement expressions; g++ 12 sees dangling and uninitialized values in
  # std::expected and std::variant that are not there.
  target_compile_options(weft_options INTERFACE -Wno-pedantic -Wno-maybe-uninitialized -Wno-dangling-pointer)
endif()
target_compile_definitions(weft_options INTERFACE WEFT_VERSION="${PROJECT_VERSION}")
if(WEFT_SANITIZE)
  target_compile_options(weft_options INTERFACE -fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all
                         -fno-omit-frame-pointer -O1 -gline-tables-only)
  target_link_options(weft_options INTERFACE -fsanitize=address,undefined)
endif()

# What nearly every file includes, compiled once.
file(WRITE ${CMAKE_BINARY_DIR}/precompiled.cpp "")
add_library(weft_precompiled STATIC ${CMAKE_BINARY_DIR}/precompiled.cpp)
target_link_libraries(weft_precompiled PRIVATE weft_options fmt::fmt)
target_precompile_headers(weft_precompiled PRIVATE <algorithm> <chrono> <expected> <functional> <map> <memory> <optional>
                          <set> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
                          <boost/json.hpp> <fmt/format.h>)
file(WRITE ${CMAKE_BINARY_DIR}/precompiled_test.cpp "")
add_library(weft_precompiled_test STATIC ${CMAKE_BINARY_DIR}/precompiled_test.cpp)
target_link_libraries(weft_precompiled_test PRIVATE weft_options fmt::fmt GTest::gtest)
target_precompile_headers(weft_precompiled_test PRIVATE <algorithm> <chrono> <expected> <functional> <map> <memory>
                          <optional> <set> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
                          <boost/json.hpp> <fmt/format.h> <gtest/gtest.h>)

# weft_expose_headers(LAYER DIRECTORY): lets those who link weft_LAYER include "LAYER/...".
function(weft_expose_headers layer directory)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include/${layer})
  file(CREATE_LINK ${directory} ${CMAKE_BINARY_DIR}/include/${layer}/${layer} SYMBOLIC)
  target_include_directories(weft_${layer} PUBLIC ${CMAKE_BINARY_DIR}/include/${layer})
endfunction()

# weft_layer(LAYER [USES layer...] [LIBRARIES target...] [TEST_USES target...] [TEST_LABEL label])
# All *.cpp of the folder; *_test.cpp become the test program LAYER_test, each *_fuzz.cpp a fuzz target.
function(weft_layer layer)
  cmake_parse_arguments(arg "" "TEST_LABEL" "USES;LIBRARIES;TEST_USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  file(GLOB fuzzers CONFIGURE_DEPENDS *_fuzz.cpp)
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  if(fuzzers)
    list(REMOVE_ITEM sources ${fuzzers})
  endif()
  if(sources)
    add_library(weft_${layer} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(weft_${layer} PUBLIC fmt::fmt PRIVATE weft_options)
    target_precompile_headers(weft_${layer} REUSE_FROM weft_precompiled)
    weft_expose_headers(${layer} ${CMAKE_CURRENT_SOURCE_DIR})
  else()
    add_library(weft_${layer} INTERFACE)
    set(scope INTERFACE)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/include/${layer})
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_BINARY_DIR}/include/${layer}/${layer} SYMBOLIC)
    target_include_directories(weft_${layer} INTERFACE ${CMAKE_BINARY_DIR}/include/${layer})
  endif()
  foreach(used ${arg_USES})
    target_link_libraries(weft_${layer} ${scope} weft_${used})
  endforeach()
  target_link_libraries(weft_${layer} ${scope} ${arg_LIBRARIES})
  if(tests)
    weft_test(${layer}_test SOURCES ${tests} USES weft_${layer} ${arg_TEST_USES} LABEL ${arg_TEST_LABEL})
  endif()
  if(WEFT_SANITIZE)
    foreach(fuzzer ${fuzzers})
      get_filename_component(name ${fuzzer} NAME_WE)
      add_executable(${name} ${fuzzer})
      target_link_libraries(${name} PRIVATE weft_${layer} weft_options)
      target_link_options(${name} PRIVATE -fsanitize=fuzzer)
      set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
      set_property(GLOBAL APPEND PROPERTY WEFT_FUZZERS ${name})
    endforeach()
  endif()
endfunction()

# weft_test(NAME SOURCES file... USES target... [LABEL unit|conformance|bpf|system]): one CTest entry a program.
function(weft_test name)
  cmake_parse_arguments(arg "" "LABEL" "SOURCES;USES" ${ARGN})
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_USES} weft_options GTest::gtest GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM weft_precompiled_test)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300)
endfunction()
