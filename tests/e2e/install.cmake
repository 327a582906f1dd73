# cmake -D FROM=FOLDER -D TO=FOLDER -P install.cmake: the JavaScript of FROM and the npm packages of its lock file,
# in TO. A copy, because node looks for packages beside the file that wants them, and the source tree stays clean.
# Needs the network the first time and when the lock file changes; not otherwise.

file(COPY ${FROM}/ DESTINATION ${TO} PATTERN node_modules EXCLUDE)

set(wanted ${TO}/package-lock.json)
set(installed ${TO}/node_modules/installed-lock.json) # written last: there only if everything else is
if(EXISTS ${installed})
  file(SHA256 ${wanted} wanted_hash)
  file(SHA256 ${installed} installed_hash)
  if(wanted_hash STREQUAL installed_hash)
    return()
  endif()
endif()

function(fail what hint)
  message(NOTICE "install.cmake: error: ${what}\ninstall.cmake: hint: ${hint}") # FATAL_ERROR would wrap the lines
  message(FATAL_ERROR)
endfunction()

find_program(NPM npm)
if(NOT NPM)
  fail("npm is not installed, and the Z-Wave JS scenario needs it" "apt-get install npm")
endif()
execute_process(
  COMMAND ${NPM} ci --prefer-offline --fetch-retries=1
  WORKING_DIRECTORY ${TO}
  TIMEOUT 240
  RESULT_VARIABLE status
  OUTPUT_VARIABLE said
  ERROR_VARIABLE said)
if(NOT status EQUAL 0)
  message(NOTICE "${said}")
  fail("npm cannot install the Z-Wave JS scenario's packages (${status})" "cd ${TO} && npm ci, with a network")
endif()
configure_file(${wanted} ${installed} COPYONLY)
