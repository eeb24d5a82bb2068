#!/usr/bin/env python3
"""memory.py COMMAND: a ledger of 200,000 findings, or FINDINGS of them, is reported in
less than 64 MiB."""
import os
import sqlite3
import subprocess
import sys
import tempfile

LIMIT_KIB = 64 << 10
FINDINGS = int(os.environ.get("FINDINGS", "200000"))

command = os.path.abspath(sys.argv[1])
with open(command, "rb") as file:
    if b"__asan_init" in file.read():
        sys.exit(77)
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    shop = sqlite3.connect("shop.db")
    shop.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, memo TEXT)")
    shop.execute("INSERT INTO orders VALUES (1, 'card 4111 1111 1111 1111 cvv=123')")
    shop.commit()
    shop.close()
    subprocess.run([command, "scan", "-q", "--ledger", "ledger", "sqlite:shop.db"], check=False)
    ledger = sqlite3.connect("ledger")
    columns = [row[1] for row in ledger.execute("PRAGMA table_info(findings)") if row[1] != "id"]
    values = ["'{\"id\":\"' || k.n || '\"}'" if name == "row" else "k.n" if name == "card" else name
              for name in columns]
    ledger.execute(
        f"""WITH RECURSIVE k(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM k WHERE n < {FINDINGS})
        INSERT INTO findings({','.join(columns)}) SELECT {','.join(values)} FROM k,
        (SELECT * FROM findings WHERE kind = 'pan' LIMIT 1)""")
    ledger.commit()
    ledger.close()
    failed = 0
    for style in ("text", "html", "csv", "sarif", "jsonl"):
        child = subprocess.Popen([command, "report", "-f", style, "-o", "report", "ledger"])
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = 0
        size = os.stat("report").st_size
        print(f"{style}: {usage.ru_maxrss} KiB, {usage.ru_utime + usage.ru_stime:.1f} s, {size} bytes")
        if os.waitstatus_to_exitcode(status) != 1 or usage.ru_maxrss > LIMIT_KIB:
            failed = 1
        if style in ("csv", "sarif", "jsonl") and size < 100 * FINDINGS:
            print("not all findings are in it")
            failed = 1
    sys.exit(failed)
