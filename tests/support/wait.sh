# shellcheck shell=sh
# Sourced: how tests wait for what is bound to come, on a machine however slow or busy.  No
# moment is guessed; what does not come in two minutes ends the test.

# until_true COMMAND...: waits until the command says so.
until_true()
{
    for _ in $(seq 2400); do
        "$@" && return 0
        sleep 0.05
    done
    echo "in vain: $*" >&2
    exit 1
}

# is_over ID: this child has ended, be it waited for or not.
is_over()
{
    case $(sed -n 's/^State:[^A-Za-z]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null) in
    '' | X | Z) return 0 ;;
    esac
    return 1
}

# has_halted ID: none of its threads goes on.
has_halted()
{
    is_over "$1" || ! cat "/proc/$1/task"/*/status 2>/dev/null | grep '^State:' |
        grep -qv 'T (stopped)'
}

# halt ID COMMAND...: stops this child at a moment when the command is true; it goes on with
# kill -CONT.  False if the child is over before.
halt()
{
    halted=$1
    shift
    for _ in $(seq 2400); do
        kill -STOP "$halted" 2>/dev/null || :
        until_true has_halted "$halted"
        is_over "$halted" && return 1
        "$@" && return 0
        kill -CONT "$halted"
        sleep 0.02
    done
    echo "in vain: $*" >&2
    exit 1
}

# catch START VALUES COMMAND...: START is called with a value, such as a rate, and leaves the
# child that it starts in $child, which is stopped when the command is true.  A machine too
# slow to catch it gets the next value, and another child.
catch()
{
    start=$1
    values=$2
    shift 2
    for value in $values; do
        "$start" "$value"
        halt "$child" "$@" && return 0
        wait "$child" || :
    done
    echo "not caught: $*" >&2
    exit 1
}

# end_child: what a test that ends early may have left, halted.
end_child()
{
    # If it is still ours.
    if grep -qs "^PPid:[^0-9]*$$\$" "/proc/${child:-none}/status"; then
        kill -KILL "$child"
    fi
}

# sleep_up_to MILLISECONDS: how long is left to chance.
sleep_up_to()
{
    sleep "$(awk -v most="$1" -v chance="$(od -An -N2 -tu2 /dev/urandom)" \
        'BEGIN { printf "%.3f", most * chance / 65536000 }')"
}
