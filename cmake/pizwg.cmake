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
