#!/usr/bin/env python3
"""check_report.py FORMAT FILE...: holds reports against the rules of their formats.

html   every tag is closed in its order, nothing is fetched or run
csv    RFC 4180: as many fields in each line as in the first, no cell is a formula
sarif  SARIF 2.1.0: what the schema requires is there, levels and indexes fit
jsonl  every line is an object with an event
"""
import csv
import io
import json
import sys
from html.parser import HTMLParser

VOID = {"meta", "br", "wbr"}
TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "dl", "div", "dt",
    "dd", "bdi", "p", "nav", "ul", "ol", "li", "a", "main", "section", "table", "thead", "tbody",
    "tr", "th", "td", "small", "span", "br", "wbr",
}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.anchors = set()
        self.links = set()

    def handle_starttag(self, tag, attributes):
        assert tag in TAGS, f"<{tag}>"
        for name, value in attributes:
            assert not name.startswith("on"), f"{name}={value}"
            assert name not in ("src", "srcset", "action", "style"), f"{name}={value}"
            if name == "href":
                assert value.startswith("#"), value
                self.links.add(value[1:])
            if name == "id":
                assert value not in self.anchors, value
                self.anchors.add(value)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open}"
        self.open.pop()

    def handle_data(self, data):
        assert not any(ord(c) < 32 and c != "\n" for c in data), repr(data)
        assert "\u202e" not in data, repr(data)


def check_html(text):
    assert text.startswith("<!DOCTYPE html>\n<html lang="), text[:40]
    assert "default-src 'none'" in text
    assert "url(" not in text and "@import" not in text and "http:" not in text
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open, page.open
    assert page.links <= page.anchors, page.links - page.anchors
    # Rows are as wide as their heads.
    for table in text.split("<table")[1:]:
        table = table.split("</table>")[0]
        heads = table.split("<thead>")[1].split("</thead>")[0].count("<th") if "<thead>" in table else 2
        for row in table.split("<tbody>")[1].split("<tr")[1:]:
            cells = row.count("<td") + row.count("<th")
            assert cells == heads, f"{cells} cells, {heads} heads: {row[:200]}"


def check_csv(text):
    text = text[1:] if text.startswith("\ufeff") else text
    assert text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) > 1
    for row in rows:
        assert len(row) == len(rows[0]), row
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")), cell
            assert not any(ord(c) < 32 for c in cell), repr(cell)
    assert rows[1][0] == "run"


def check_sarif(text):
    log = json.loads(text)
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    assert len(log["runs"]) == 1
    run = log["runs"][0]
    driver = run["tool"]["driver"]
    assert driver["name"] == "cardsieve" and driver["version"]
    rules = [rule["id"] for rule in driver["rules"]]
    assert len(set(rules)) == len(rules)
    levels = ("none", "note", "warning", "error")
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in levels
    assert len(run["invocations"]) == 1
    invocation = run["invocations"][0]
    assert isinstance(invocation["executionSuccessful"], bool)
    for notification in invocation["toolExecutionNotifications"]:
        assert notification["message"]["text"] and notification["level"] in levels
    assert invocation["executionSuccessful"] == run["properties"]["complete"]
    assert len(run["results"]) == run["properties"]["findings"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in levels and result["message"]["text"]
        assert "](" not in result["message"]["text"].replace("\\]", "")
        for location in result["locations"]:
            for logical in location["logicalLocations"]:
                assert logical["name"] and logical["fullyQualifiedName"] and logical["kind"]
        sensitive = driver["rules"][result["ruleIndex"]]["properties"]["sensitive"]
        assert not sensitive or result["level"] == "error"
        assert not result["properties"]["testNumber"] or result["level"] != "error" or sensitive


def check_jsonl(text):
    events = [json.loads(line) for line in text.splitlines()]
    assert events[-1]["event"] == "summary"
    findings = [event for event in events if event["event"] == "finding"]
    assert len(findings) == events[-1]["findings"]
    for event in findings:
        assert isinstance(event["row"], dict) and event["table"]


def main():
    checks = {"html": check_html, "csv": check_csv, "sarif": check_sarif, "jsonl": check_jsonl}
    for name in sys.argv[2:]:
        check = checks[name.rsplit(".")[-1] if sys.argv[1] == "each" else sys.argv[1]]
        with open(name, encoding="utf-8", newline="") as file:
            try:
                check(file.read())
            except (AssertionError, KeyError, ValueError, IndexError, csv.Error) as problem:
                print(f"{name}: {type(problem).__name__}: {problem}")
                sys.exit(1)


main()
