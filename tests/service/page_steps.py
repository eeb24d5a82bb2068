"""The page of a daemon in a browser, and what is watched while it is used."""
import os
import re

from daemon import BUILD

SHOWN = ("!document.getElementById('result').hidden && "
         "!document.body.classList.contains('is-busy')")
FAILED = "document.querySelector('#error strong')"
PICTURES = os.path.join(BUILD, "page")

# What no page may keep, and what its policy has refused.
WATCH = """
window.violations = [];
window.finished = 0; // how often an examination came to its end
window.longest = 0;
addEventListener('DOMContentLoaded', () => new MutationObserver((records) =>
    records.forEach((record) => window.finished += record.oldValue === 'is-busy'))
    .observe(document.body, {attributeFilter: ['class'], attributeOldValue: true}));
document.addEventListener('securitypolicyviolation',
                          (event) => window.violations.push(event.violatedDirective));
new PerformanceObserver((list) => list.getEntries().forEach((entry) =>
    window.longest = Math.max(window.longest, entry.duration)))
    .observe({type: 'longtask'});
"""
KEPT = """
const done = arguments[0];
Promise.all([indexedDB.databases(), caches.keys(),
             navigator.serviceWorker.getRegistrations()]).then((lists) => done(
    [document.cookie.length, localStorage.length, sessionStorage.length,
     ...lists.map((list) => list.length)]));
"""


class Page:
    """The page of a daemon in a browser, watched from its first byte on."""

    def __init__(self, browser, daemon):
        self.browser = browser
        self.daemon = daemon
        self.base = f"http://127.0.0.1:{daemon.port}/"

    def open(self, path=""):
        self.browser.open(self.base + path)
        self.browser.await_true("document.querySelector('nav [aria-current]')")

    def photograph(self, name):
        self.browser.photograph(os.path.join(PICTURES, name + ".png"))

    def write(self, text):
        self.browser.run("document.getElementById('text').value = arguments[0]", text)

    def finish(self, action, wanted):
        """What this begins has come to its end, and what it came to is this."""
        before = self.browser.run("return window.finished")
        action()
        self.browser.await_true("window.finished > arguments[0]", before)
        self.browser.await_true(wanted)

    def examine(self, text):
        self.write(text)
        self.finish(lambda: self.browser.click("#examine"), SHOWN)

    def drop(self, path):
        self.finish(lambda: self.browser.drop(path), f"({SHOWN}) || {FAILED}")

    def marks(self):
        return self.browser.run("return [...document.querySelectorAll('#view mark')]"
                                ".map((mark) => mark.textContent)")

    def sound(self):
        """Nothing clear outside of the user's own text, nothing kept, nothing refused."""
        browser = self.browser
        assert browser.run("return window.violations") == []
        bad = [entry for entry in browser.log("browser") if entry["level"] == "SEVERE" and
               not re.search(r"status of (4|5)\d\d|ERR_CONNECTION", entry["message"])]
        assert not bad, bad
        addresses = [a for a in browser.requests() if not a.startswith("chrome://") and
                     a != "data:,"]
        for address in addresses:
            ours = (self.base, "data:image/svg", "blob:" + self.base)
            assert address.startswith(ours), address
        assert browser.run_async(KEPT) == [0] * 6
        return addresses
