#!/bin/sh
# The three exit statuses, and what makes each of them.
. "$(dirname "$0")/cli.sh"

echo "nothing to see" >clean
echo "card $visa" >dirty

run 0 scan clean
has out "nothing found"
run 1 scan dirty
run 1 scan clean dirty
run 2 scan missing
has out "missing: no such file or directory"
run 2 scan clean missing
run 1 scan dirty missing
has out "missing: no such file or directory"
run 1 scan -q dirty
same "$(cat out err)" ""

# The command could not run.
run 2
has err "no command"
run 2 nonsense
has err "nonsense: there is no such command"
run 2 scan
has err "nothing to scan"
run 2 scan --nonsense clean
has err "--nonsense: there is no such option" "see --help"
run 2 scan --format=xml clean
has err "--format: it is none of text, jsonl"
run 2 scan --jobs=0 clean
run 2 scan --jobs
has err "its value is missing"
run 2 scan --summary=yes clean
run 2 scan --brand=visa,nonsense clean
has err "nonsense: there is no such brand; see patterns list brands"
run 2 scan -c urgent clean
for database in postgresql://shop:secret@localhost:1/shop mysql://localhost/shop sqlite:shop.db; do
    run 2 mask "$database"
    has err "a database is changed by a plan only; --plan FILE writes the SQL"
    has_not err secret
    run 2 mask --plan plan.sql "$database"
    has err "cardsieve mask: ${database%%:*}:"
    has_not err secret
    run 2 scan "$database"
    has err "cardsieve scan: ${database%%:*}:"
    has_not err secret
done
run 2 mask --plan plan.sql sqlite:shop.db clean
has err "a database is masked alone"
run 2 mask --apply sqlite:shop.db
has err "there is no terminal to ask on" "--yes"
run 2 mask --numeric maybe --plan plan.sql sqlite:shop.db
has err "--numeric: it is none of null, zero, skip"
run 2 mask --plan plan.sql -i sqlite:shop.db
has err "--in-place and --output are for files"
run 2 mask --plan plan.sql clean
has err "some of these options are for a database, and none is named"
run 2 report ledger
has err "it could not be opened"

# Help and version are no failure.
run 2 help nonsense
has err "nonsense: there is no such command; see --help"
run 2 -q scan clean
has err "-q: options stand behind a command; see --help"
run 0 help
run 0 --help
has out "scan" "mask" "patterns" "report"
run 0 --version
has out "cardsieve 1."
for command in scan mask patterns report; do
    run 0 $command --help
    has out "Usage: cardsieve $command" "--help"
    mv out help
    run 0 help $command
    cmp out help || fail "help $command is not $command --help"
done

# A closed pipe is success.
{
    for line in $(seq 3000); do
        echo "card number $visa is $line"
    done
} >many
("$cardsieve" scan many; echo $? >status) 2>err | head -n 1 >out
same "$(cat status)" 1 "a closed pipe after findings"
same "$(cat err)" "" "messages about a closed pipe"
finish
