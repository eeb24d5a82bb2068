# shellcheck shell=sh
# Sourced: what all tests of databases share.

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

# await_sweep: until the sweep that writes `ledger` has read its first range, and a little
# more: then all its connections are at work.
await_sweep()
{
    for _ in $(seq 600); do
        # sqlite3 would make a ledger that is not there.
        [ ! -s ledger ] || [ "$(sqlite3 ledger 'SELECT count(*) FROM ranges' 2>/dev/null || echo 0)" -lt 1 ] || break
        sleep 0.05
    done
    sleep 0.2
}
