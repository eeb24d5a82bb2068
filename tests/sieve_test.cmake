# Three ways to register a test.  All take
#
#   NAME name           of the test; also of the program, if one is built
#   LABEL label...      unit property golden fuzz torture threads layers install docs style long
#   TIMEOUT seconds     300 if not given; three times as long under a sanitizer
#   COST seconds        about, where it is long: ctest begins with what takes longest
#   ENV NAME=value...   more environment
#   ARGS argument...    for the program or script
#
# and exit status 77 means "skipped".
#
#   sieve_test(SOURCES file... LINK target...)         a Criterion program
#   sieve_plain_test(SOURCES file... LINK target...)   a program with its own main();
#                                                      the only kind that runs under tsan
#   sieve_script_test(SCRIPT file)                     a shell script (by its #! line)
#
# Each runs in a directory of its own, build/PRESET/tests/run/NAME, which may be left full.
# A script finds SOURCE_DIR, BUILD_DIR and CC in its environment, and CARDSIEVE, the
# command, once there is one.

pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)

# A leak fails no Criterion program by itself: its text must.
set(sieve_test_failures
    "LeakSanitizer;runtime error:;ThreadSanitizer;AddressSanitizer;UndefinedBehaviorSanitizer")
# Not stack-use-after-return: gcc 12 misaligns 64-byte vectors on its fake stack (PR 110027).
set(sieve_test_environment
    "ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=0"
    "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1"
    "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1")

macro(sieve_test_arguments)
    cmake_parse_arguments(arg "" "NAME;TIMEOUT;COST;SCRIPT" "SOURCES;LINK;LABEL;ENV;ARGS" ${ARGN})
    if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME)
        message(FATAL_ERROR "sieve test '${arg_NAME}': ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    if(NOT arg_COST)
        set(arg_COST 0)
    endif()
    if(SIEVE_SANITIZE)
        math(EXPR arg_TIMEOUT "3 * ${arg_TIMEOUT}")
    endif()
endmacro()

function(sieve_test_program)
    add_executable(${arg_NAME} ${arg_SOURCES})
    set_target_properties(${arg_NAME} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/bin)
    target_include_directories(${arg_NAME} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
    target_compile_options(${arg_NAME} PRIVATE -Wall -Wextra
        $<$<BOOL:${SIEVE_WERROR}>:-Werror>)
    target_link_libraries(${arg_NAME} PRIVATE ${arg_LINK} sieve_build)
endfunction()

function(sieve_test_properties)
    set(directory ${CMAKE_BINARY_DIR}/tests/run/${arg_NAME})
    file(MAKE_DIRECTORY ${directory})
    set_tests_properties(${arg_NAME} PROPERTIES
        WORKING_DIRECTORY ${directory}
        LABELS "${arg_LABEL}"
        COST "${arg_COST}"
        TIMEOUT ${arg_TIMEOUT}
        SKIP_RETURN_CODE 77
        FAIL_REGULAR_EXPRESSION "${sieve_test_failures}"
        ENVIRONMENT "${sieve_test_environment};SOURCE_DIR=${CMAKE_SOURCE_DIR};\
BUILD_DIR=${CMAKE_BINARY_DIR};CC=${CMAKE_C_COMPILER};\
$<$<TARGET_EXISTS:cardsieve_cli>:CARDSIEVE=${CMAKE_BINARY_DIR}/cardsieve>;${arg_ENV}")
endfunction()

function(sieve_test)
    sieve_test_arguments(${ARGN})
    if(SIEVE_SANITIZE STREQUAL "thread")
        return() # Criterion does not start under the thread sanitizer
    endif()
    sieve_test_program()
    target_link_libraries(${arg_NAME} PRIVATE PkgConfig::CRITERION)
    add_test(NAME ${arg_NAME} COMMAND ${arg_NAME} ${arg_ARGS})
    sieve_test_properties()
endfunction()

function(sieve_plain_test)
    sieve_test_arguments(${ARGN})
    sieve_test_program()
    add_test(NAME ${arg_NAME} COMMAND ${arg_NAME} ${arg_ARGS})
    sieve_test_properties()
endfunction()

function(sieve_script_test)
    sieve_test_arguments(${ARGN})
    get_filename_component(script ${arg_SCRIPT} ABSOLUTE)
    add_test(NAME ${arg_NAME} COMMAND ${script} ${arg_ARGS})
    sieve_test_properties()
endfunction()
