# shellcheck shell=sh
# Sourced: what all tests of databases share.
tests=$(cd "$(dirname "$0")" && pwd)
. "${tests%/tests/*}/tests/support/wait.sh"

# fast_directory: says where temporary files lie best: in memory, where there is
# enough of it.  A database waits for a disk at every commit, and no test cuts the power.
fast_directory()
{
    free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
    if [ -w /dev/shm ] && [ "${free:-0}" -ge 4000000 ]; then
        echo /dev/shm
    else
        echo "${TMPDIR:-/tmp}"
    fi
}

# made_once NAME COMMAND...: what COMMAND makes in $folder/data is made by the first test
# that wants it, and the others get a copy.
made_once()
{
    made=${BUILD_DIR:-$folder}/tests/$1-$(id -u)
    shift
    mkdir -p "${made%/*}"
    (
        flock 9
        if [ -d "$made" ]; then
            cp -a --sparse=always "$made" "$folder/data"
        else
            "$@"
            [ -z "${BUILD_DIR-}" ] || {
                rm -rf "$made.new"
                cp -a --sparse=always "$folder/data" "$made.new"
                mv "$made.new" "$made"
            }
        fi
    ) 9>"$made.lock"
}

# free_port: one that the system gives.  Somebody may take it before the server does.
free_port()
{
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# is_halfway [LEDGER]: the sweep that writes it has read a range, and has not read all.
is_halfway()
{
    # sqlite3 would make a ledger that is not there.
    [ -s "${1-ledger}" ] && [ "$(sqlite3 "${1-ledger}" 'SELECT count(*) > 0 AND count(*) < (SELECT sum(ranges)
        FROM tables) FROM ranges' 2>/dev/null)" = 1 ]
}
