"""Chromium, driven by WebDriver over HTTP: no package but chromium and its driver."""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PATIENCE = 120 # for a browser that starts, or examines, while others want the processor
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Control": "\ue009", "Shift": "\ue008",
        "Space": " ", "Right": "\ue014", "Left": "\ue012"}

# Text whose contrast with what is behind it is under 4.5 (WCAG 1.4.3).
FAINT = """
const parse = (color) => {
    const parts = color.match(/[\\d.]+/g).map(Number);
    return parts.length > 3 ? parts : [...parts, 1];
};
const light = (color) => color.slice(0, 3).map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
const behind = (element) => {
    for (; element; element = element.parentElement) {
        const color = parse(getComputedStyle(element).backgroundColor);
        if (color[3] > 0.99) return color;
    }
    const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
    return isDark ? [0, 0, 0] : [255, 255, 255];
};
const out = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let seen = 0;
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility()) continue;
    if (['SCRIPT', 'NOSCRIPT', 'OPTION'].includes(element.tagName)) continue;
    if (element.closest('#over') || element.closest(':disabled')) continue;
    const one = light(parse(getComputedStyle(element).color));
    const two = light(behind(element));
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    seen++;
    if (contrast < 4.5) out.push(contrast.toFixed(2) + ' ' + node.data.trim());
}
return seen > 20 ? out : ['too little text was seen'];
"""


def is_there():
    return bool(shutil.which("chromedriver") and shutil.which("chromium"))


class Browser:
    """One window of a fresh profile, ended when the block is left."""

    def __init__(self, language="en"):
        self.folder = tempfile.mkdtemp(prefix="cardsieve-browser-")
        self.words = open(os.path.join(self.folder, "driver"), "w+b")
        environment = dict(os.environ, HOME=self.folder)
        self.driver = subprocess.Popen(
            [shutil.which("chromedriver"), "--port=0"], stdout=self.words,
            stderr=subprocess.STDOUT, env=environment, cwd=self.folder)
        self.session = ""
        try:
            self.base = f"http://127.0.0.1:{self.await_port()}"
            self.start(language)
        except BaseException:
            self.end()
            raise

    def await_port(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            self.words.seek(0)
            found = re.search(rb"started successfully on port (\d+)", self.words.read())
            if found:
                return int(found.group(1))
            time.sleep(0.02)
        raise AssertionError("chromedriver did not start")

    def start(self, language):
        arguments = ["--headless=new", f"--user-data-dir={self.folder}/profile",
                     "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update",
                     "--disable-sync", "--disable-extensions", "--hide-scrollbars",
                     "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                     # It needs user namespaces, which containers may not have, and sees
                     # nothing here but pages of our own.
                     "--no-sandbox"]
        wanted = {"browserName": "chrome",
                  "goog:chromeOptions": {
                      "args": arguments, "binary": shutil.which("chromium"),
                      "prefs": {"intl.accept_languages": language,
                                "download.default_directory": self.folder}},
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        self.session = "/session/" + self.ask(
            "POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self.do("/timeouts", {"script": 1000 * PATIENCE, "pageLoad": 1000 * PATIENCE})

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            self.base + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE) as reply:
                return json.load(reply)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def do(self, path, body=None):
        return self.ask("POST", self.session + path, {} if body is None else body)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.end()

    def end(self):
        try:
            if self.session:
                self.ask("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait(PATIENCE)
            self.words.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    # ---- what a person does ----

    def open(self, address):
        self.do("/url", {"url": address})

    def run(self, script, *arguments):
        return self.do("/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script, *arguments):
        return self.do("/execute/async", {"script": script, "args": list(arguments)})

    def find(self, selector):
        return self.do("/element", {"using": "css selector", "value": selector})[ELEMENT]

    def click(self, selector):
        self.do(f"/element/{self.find(selector)}/click")

    def type(self, selector, text):
        self.do(f"/element/{self.find(selector)}/value", {"text": text})

    def press(self, *keys):
        """All of them held down in order, then let go: press("Control", "v")."""
        keys = [KEYS.get(key, key) for key in keys]
        steps = [{"type": "keyDown", "value": key} for key in keys]
        steps += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        board = {"type": "key", "id": "keys", "actions": steps}
        self.do("/actions", {"actions": [board]})

    def command(self, name, **parameters):
        return self.do("/goog/cdp/execute", {"cmd": name, "params": parameters})

    def drop(self, *paths, steps=("dragEnter", "dragOver", "drop")):
        """Files from elsewhere over the middle of the window."""
        data = {"items": [], "files": list(paths), "dragOperationsMask": 1}
        for step in steps:
            self.command("Input.dispatchDragEvent", type=step, x=300, y=300, data=data)

    def size(self, width, height):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 600)

    def dark(self, is_dark):
        self.command("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}])

    def photograph(self, path):
        """The whole page, also what is below the window."""
        shot = self.command("Page.captureScreenshot", captureBeyondViewport=True)
        with open(path, "wb") as out:
            out.write(base64.b64decode(shot["data"]))

    # ---- what is to be seen ----

    def await_true(self, script, *arguments):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.run("return Boolean(" + script + ")", *arguments):
                return
            time.sleep(0.02)
        raise AssertionError("never came true: " + script)

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).innerText", selector)

    def faint(self):
        """Each text that is hard to read."""
        return self.run(FAINT)

    def log(self, kind):
        return self.do("/se/log", {"type": kind})

    def requests(self):
        """Addresses of all requests so far, once each call."""
        out = []
        for entry in self.log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                out.append(message["params"]["request"]["url"])
        return out
