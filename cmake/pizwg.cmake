# The few functions of which the whole build is made. A folder is one target; a unit test x_test.cpp stands
# beside x.cpp and is linked into the folder's test program.

include(GoogleTest)

# pizwg_sources(VAR): the folder's sources without its unit tests and without main.cpp.
function(pizwg_sources variable)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
  set(${variable} ${sources} PARENT_SCOPE)
endfunction()

# pizwg_layer(NAME LIBRARIES...): a library of the folder's sources, and its unit tests.
function(pizwg_layer name)
  pizwg_sources(sources)
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC pizwg_options ${ARGN})
  pizwg_unit_tests(${name})
endfunction()

# pizwg_program(NAME LIBRARIES...): the program NAME of the folder's main.cpp; the rest of the folder is a
# library of its own, so that its unit tests can link it.
function(pizwg_program name)
  string(REPLACE "-" "_" library "${name}_parts")
  pizwg_sources(sources)
  if(sources)
    pizwg_layer(${library} ${ARGN})
  else()
    set(library ${ARGN})
  endif()
  add_executable(${name} main.cpp)
  target_link_libraries(${name} PRIVATE pizwg_options ${library})
endfunction()

# pizwg_unit_tests(LIBRARY): the folder's *_test.cpp as one GoogleTest program, one ctest entry per test file,
# so that ctest runs them side by side without starting a program for every assertion.
function(pizwg_unit_tests library)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  if(NOT tests OR NOT PIZWG_TESTS)
    return()
  endif()
  add_executable(${library}_test ${tests})
  target_link_libraries(${library}_test PRIVATE ${library} GTest::gtest_main)
  add_test(NAME unit.${library} COMMAND ${library}_test --gtest_brief=1)
  set_tests_properties(unit.${library} PROPERTIES LABELS unit TIMEOUT 300)
endfunction()

# pizwg_static_program(NAME SOURCE LIBRARIES...): the folder's main.cpp linked with our LIBRARIES, OpenSSL and the C and C++
# libraries into one file that needs nothing else, and loads anywhere (-static-pie). Of the adapters' other libraries
# nothing is taken, or it does not link. The linker warns that names are looked up by shared libraries: not hosts' names since
# glibc 2.34, which has /etc/hosts and DNS built in (tests/kubernetes/names_test.py).
function(pizwg_static_program name source)
  find_library(STATIC_SSL libssl.a REQUIRED)
  find_library(STATIC_CRYPTO libcrypto.a REQUIRED)
  list(TRANSFORM ARGN REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE archives)
  add_executable(${name} main.cpp ${source})
  add_dependencies(${name} ${ARGN})
  set_property(TARGET ${name} PROPERTY LINK_DEPENDS ${archives})
  target_link_libraries(${name} PRIVATE pizwg_options ${archives} ${STATIC_SSL} ${STATIC_CRYPTO})
  target_link_options(${name} PRIVATE -static-pie -Wl,--no-warnings)
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()
