# Run by `cmake --install`: the units name where the program and its configuration were
# installed, which is known only then; a configuration that is there already stays.
set(binary ${CMAKE_INSTALL_PREFIX}/${BINDIR}/cardsieved)
set(settings ${CMAKE_INSTALL_PREFIX}/etc/cardsieve)
if(CMAKE_INSTALL_PREFIX MATCHES "^/usr/?$")
    set(settings /etc/cardsieve) # as the GNU coding standards have it
endif()
set(units $ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}/lib/systemd/system)

foreach(name cardsieved.service cardsieved.socket)
    file(READ ${SERVICE}/${name} unit)
    string(REPLACE /usr/bin/cardsieved ${binary} unit "${unit}")
    string(REPLACE /etc/cardsieve ${settings} unit "${unit}")
    file(WRITE ${units}/${name} "${unit}")
    message(STATUS "Installing: ${units}/${name}")
endforeach()

set(example $ENV{DESTDIR}${settings}/cardsieved.yaml)
if(EXISTS ${example})
    message(STATUS "Kept: ${example}")
else()
    file(INSTALL ${SERVICE}/cardsieved.yaml DESTINATION ${settings}) # DESTDIR is its own doing
endif()
