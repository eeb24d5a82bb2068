#!/bin/sh
# A number in a name, an option or a message is never repeated in clear.
. "$(dirname "$0")/cli.sh"

look()
{
    for form in text jsonl; do
        "$cardsieve" scan --format $form "$@" >out 2>err </dev/null
        has_not out $visa $jcb 4111-1111-1111-1111
        has_not err $visa $jcb 4111-1111-1111-1111
    done
}

echo "card $visa" >"card_$visa.txt"
mkdir "for $jcb" "2024-$visa"
echo "card $jcb" >"for $jcb/note"
echo "card $jcb" >"2024-$visa/note"
echo "card $jcb" >"4111-1111-1111-1111"
look .
look "card_$visa.txt"
look "for $jcb"
look "missing-$visa"
look "missing-4111-1111-1111-1111"
look "--include=$visa" .
look "--nonsense=$visa" .
look "--patterns=$visa" .
look "--jobs=$visa" .
look "--brand=$visa" .
look "$visa"
for command in "$visa" "mask $visa" "mask -o out.$visa missing" "mask -i $visa" \
    "mask --key-file $visa --style token" "scan --format $visa" "report $visa"; do
    # shellcheck disable=SC2086  # words
    "$cardsieve" $command >out 2>err </dev/null
    has_not out $visa
    has_not err $visa
done
run 1 mask -o "out.$visa" "card_$visa.txt"
has_not err $visa

# Without a number a name stays what it is.
mkdir 20240131
echo "card $visa" >"20240131/backup-20240131235959-0001.sql"
run 1 scan -f jsonl 20240131
has out '"target":"20240131/backup-20240131235959-0001.sql"'
finish
