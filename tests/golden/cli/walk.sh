#!/bin/sh
# Directories: what is entered, what is left alone, what cannot be read.
. "$(dirname "$0")/cli.sh"

mkdir -p tree/a/b tree/c
for file in tree/one tree/a/two tree/a/b/three tree/c/four.log tree/.hidden; do
    echo "card $visa" >$file
done
echo '*' >tree/.gitignore

count()
{
    "$cardsieve" scan --format jsonl "$@" 2>/dev/null | sed -n 's/.*"findings":\([0-9]*\),.*/\1/p'
}

same "$(count tree)" 5
same "$(count tree/)" 5
same "$(count -j1 tree)" 5
same "$(count -j7 tree)" 5
same "$(count tree tree)" 10

# Links: not in directories, unless asked; what is named is what is meant.
mkdir elsewhere
echo "card $visa" >elsewhere/five
ln -s ../elsewhere tree/link
ln -s ../elsewhere/five tree/file_link
ln -s .. tree/a/loop
ln -s nowhere tree/dangling
same "$(count tree)" 5 "links are skipped"
same "$(count -L tree)" 7 "links are followed"
same "$(count tree/link)" 1 "a link that was named"
same "$(count tree/file_link)" 1
run 1 scan -L tree
has out "tree/dangling: no such file or directory"
rm tree/dangling

# Devices, sockets and FIFOs are counted, not opened.
mkfifo tree/fifo
run 1 scan -f jsonl tree
has out '"skipped":{"links":3,"special":1,'

# Globs.
same "$(count --include '*.log' tree)" 1
same "$(count --include '*.log' --include one tree)" 2
same "$(count --exclude '*.log' tree)" 4
same "$(count --exclude b tree)" 4
same "$(count --exclude '*/a/*' tree)" 3
same "$(count --exclude 'o*' tree/one)" 1 "what is named is never left out"

# What cannot be read is told, and the rest goes on.
chmod 755 .
chmod 000 tree/c
as_nobody "$cardsieve" scan tree >out 2>err </dev/null
same $? 1
has out "tree/c: permission denied" "incomplete"
chmod 755 tree/c
chmod 000 tree/one
as_nobody "$cardsieve" scan tree/one >out 2>err </dev/null
same $? 2
has out "tree/one: permission denied"
chmod 644 tree/one

# Deep is no problem, too deep is told.
deep=deep
mkdir deep
(
    cd deep || exit
    for level in $(seq 100); do
        mkdir d && cd d || exit
    done
    echo "card $visa" >bottom
)
same "$(count $deep)" 1
rm -rf deep

# Another file system.
if [ "$(id -u)" -eq 0 ] && mkdir tree/mount && mount -t tmpfs none tree/mount 2>/dev/null; then
    echo "card $visa" >tree/mount/six
    same "$(count tree)" 6
    same "$(count -x tree)" 5
    umount tree/mount
fi

# Its own output is not read, and that is told.
"$cardsieve" scan --format jsonl tree elsewhere "$work/listing" >listing 2>err
has listing '"reason":"it is where this scan writes to"'
finish
