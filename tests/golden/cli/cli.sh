# cli.sh - what the tests of the command share.  Each is called with the path of the
# command, works in a directory of its own, tells what failed and goes on.
set -u
tests=$(cd "$(dirname "$0")" && pwd)
. "${tests%/tests/*}/tests/support/wait.sh"
cardsieve=${1:-${CARDSIEVE:?the path of the command}}
case $cardsieve in
/*) ;;
*) cardsieve=$PWD/$cardsieve ;;
esac
work=$(mktemp -d)
trap 'end_child; chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 99
failures=0
unset NO_COLOR
LC_ALL=C
export LC_ALL

# Published test numbers.
visa=4111111111111111
jcb=3530111333300000

fail()
{
    echo "FAIL: $*" >&2
    failures=$((failures + 1))
}

# run STATUS ARGUMENT...: the command's answer lies in out and err.
run()
{
    expected=$1
    shift
    "$cardsieve" "$@" >out 2>err </dev/null
    status=$?
    [ "$status" -eq "$expected" ] || {
        fail "exit status $status, expected $expected: cardsieve $*"
        cat out err >&2
    }
}

# has FILE TEXT...: every text stands in it.
has()
{
    file=$1
    shift
    for text; do
        grep -aqF -e "$text" "$file" || {
            fail "'$text' is not in $file:"
            cat "$file" >&2
        }
    done
}

has_not()
{
    file=$1
    shift
    for text; do
        if grep -aqF -e "$text" "$file"; then
            fail "'$text' is in $file:"
            cat "$file" >&2
        fi
    done
}

same()
{
    [ "$1" = "$2" ] || fail "'$1' is not '$2'${3:+ ($3)}"
}

# Without the rights of root, also if we are.
as_nobody()
{
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        "$@"
    fi
}

finish()
{
    [ "$failures" -eq 0 ] || echo "$failures failures" >&2
    [ "$failures" -eq 0 ]
    exit
}
