#!/bin/sh
# JSON Lines: the stable contract.
. "$(dirname "$0")/cli.sh"

printf 'first line\nshop card: 4111 1111 1111 1111 thanks\n' >orders.log
run 1 scan --format jsonl orders.log
same "$(wc -l <out)" 2
finding='{"event":"finding","target":"orders.log","path":[],"offset":22,"length":19,'
finding="$finding"'"line":2,"column":12,"kind":"pan","brand":"visa","digits":16,'
finding="$finding"'"masked":"411111******1111","form":"ascii","confidence":"high",'
has out "$finding" '"reasons":[' '"test_number":true,"card":1}'
has out '{"event":"summary","targets":1,"items":1,"bytes":49,"findings":1,"cards":1,' \
    '"unexamined":0,"complete":true,"seconds":0.'

# The same number twice is one card; another is another.
printf 'card %s\ncard %s\ncard %s\n' $visa $jcb $visa >three
run 1 scan -f jsonl three
same "$(sed -n 's/.*"card":\([0-9]*\)}.*/\1/p' out | tr '\n' ' ')" "1 2 1 "
has out '"findings":3,"cards":2'

# Unexamined is an event, and no complete answer.
run 2 scan -f jsonl missing
has out '{"event":"unexamined","target":"missing","path":[],"reason":"no such file or directory"}' \
    '"unexamined":1,"complete":false'

# Only the summary.
run 1 scan -f jsonl --summary three
same "$(wc -l <out)" 1
has out '{"event":"summary"' '"findings":3,"cards":2'

# Names: JSON escapes; bytes that are no UTF-8 follow in hex.
cp three 'quo"te\back
line'
run 1 scan -f jsonl 'quo"te\back
line'
has out '"target":"quo\"te\\back\nline"'
name=$(printf 'caf\351')
cp three "$name"
run 1 scan -f jsonl "$name"
has out "$(printf '"target":"caf\357\277\275","target_bytes":"636166e9"')"
cp three "$(printf '\346\263\250\346\226\207')"
run 1 scan -f jsonl "$(printf '\346\263\250\346\226\207')"
has out "$(printf '"target":"\346\263\250\346\226\207","path"')"

# No line is anything else than one object; every quote is closed.
run 1 scan -f jsonl .
same "$(grep -cv '^{"event":"[a-z]*",.*}$' out)" 0 "lines that are no object"

# Coded files say which codings were taken off; offsets count decoded bytes.
gzip -c orders.log >orders.log.gz
run 1 scan -f jsonl orders.log.gz
has out '"target":"orders.log.gz","path":[],"codings":["gzip"],"offset":22,'

# Skipped things are counted.
mkdir tree
ln -s ../three tree/link
mkfifo tree/fifo
run 0 scan -f jsonl tree
has out '"skipped":{"links":1,"special":1,"other_systems":0,"names":0}'
finish
