# How everything is compiled.
#
#   sieve_build    language, include root, sanitizers, hardening: for all targets
#   sieve_strict   warnings (as errors): for our own code, not for Criterion tests

include(CheckCCompilerFlag)

add_library(sieve_build INTERFACE)
target_include_directories(sieve_build INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(sieve_build INTERFACE _POSIX_C_SOURCE=200809L
    _FILE_OFFSET_BITS=64)
target_compile_options(sieve_build INTERFACE -fno-common)

# ---- sanitizers, coverage, fuzzing ---------------------------------------------

set(instrument "")
if(SIEVE_SANITIZE)
    list(APPEND instrument -fsanitize=${SIEVE_SANITIZE} -fno-sanitize-recover=all)
endif()
if(SIEVE_COVERAGE)
    list(APPEND instrument --coverage)
endif()
if(SIEVE_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES Clang)
        message(FATAL_ERROR "SIEVE_FUZZ needs clang")
    endif()
    list(APPEND instrument -fsanitize=fuzzer-no-link)
endif()
if(instrument)
    target_compile_options(sieve_build INTERFACE ${instrument} -fno-omit-frame-pointer)
    target_link_options(sieve_build INTERFACE ${instrument})
endif()

# ---- hardening -------------------------------------------------------------------

foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER sieve_has${flag} has)
    check_c_compiler_flag(${flag} ${has})
    if(${has})
        target_compile_options(sieve_build INTERFACE ${flag})
    endif()
endforeach()
target_link_options(sieve_build INTERFACE -Wl,-z,relro,-z,now -Wl,--as-needed)
if(NOT instrument)
    # Needs an optimiser, and would hide overflows from the sanitizers.
    target_compile_options(sieve_build INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE>
        $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=3>)
endif()

# ---- warnings --------------------------------------------------------------------

add_library(sieve_strict INTERFACE)
target_compile_options(sieve_strict INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wcast-qual
    -Wwrite-strings -Wformat=2 -Wundef -Wvla -Wnull-dereference -Wdouble-promotion
    -Wswitch-enum -Wimplicit-fallthrough
    $<$<C_COMPILER_ID:GNU>:-Wduplicated-cond>
    $<$<C_COMPILER_ID:GNU>:-Wduplicated-branches>
    $<$<C_COMPILER_ID:GNU>:-Wlogical-op>
    $<$<C_COMPILER_ID:GNU>:-Wtrampolines>
    $<$<C_COMPILER_ID:Clang>:-Wcomma>
    $<$<C_COMPILER_ID:Clang>:-Wconditional-uninitialized>
    $<$<C_COMPILER_ID:Clang>:-Wassign-enum>)
if(SIEVE_WERROR)
    target_compile_options(sieve_strict INTERFACE -Werror)
endif()
