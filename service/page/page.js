// The page: what is examined, and what came of it.

const MOST = 512 * 1000 * 1000;
let running = null; // the AbortController of the request under way
let file = null; // the file of the last try, for a second one with a token

// ---- what is said ----

// Both are kept as functions, to be said again in another language.
let told = () => '';
let complaint = null;

function tell(words) {
    told = words;
    byId('status').textContent = words();
}

function complain(words) {
    const box = byId('error');
    complaint = words;
    box.replaceChildren();
    box.className = words ? 'notice bad' : '';
    if (words) box.append(make('strong', say('error-head')), make('p', words()));
}

// ---- what is examined ----

function isJson(text) {
    if (text.length > MOST_SHOWN || !/^\s*[[{]/.test(text)) return false;
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}

function typeOf(chosen) {
    if (/\.(ndjson|jsonl)$/i.test(chosen.name)) return 'application/x-ndjson';
    // A file is one thing, whatever it is: offsets count from its beginning.
    const isKnown = /^(?!multipart)[\w.+-]+\/[\w.+-]+$/i.test(chosen.type);
    return isKnown ? chosen.type : 'application/octet-stream';
}

// numbers=zero: then the masked bytes stand where the own ones stood.
function query() {
    const wishes = new URLSearchParams({ numbers: 'zero' });
    if (byId('style').value) wishes.set('style', byId('style').value);
    if (byId('confidence').value) wishes.set('min_confidence', byId('confidence').value);
    return wishes;
}

function jobOf(chosen) {
    if (chosen)
        return {
            name: chosen.name,
            size: chosen.size,
            own: chosen,
            body: chosen,
            type: typeOf(chosen),
        };
    const text = byId('text').value;
    const bytes = new TextEncoder().encode(text);
    return {
        name: '',
        size: bytes.length,
        own: bytes,
        body: bytes,
        type: isJson(text) ? 'application/json' : 'text/plain; charset=utf-8',
    };
}

// The masked bytes, or why there are none.
async function maskOf(job) {
    try {
        return await mask(job);
    } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 422) throw error;
        return { problem: error.problem };
    }
}

async function work(job) {
    const name = () =>
        `${job.name ? safeName(job.name) : say('own-text')} (${saySize(job.size)})`;
    tell(() => say('busy-scan', name()));
    const found = await scan(job);
    tell(() => say('busy-mask', name()));
    const masked = await maskOf(job);
    return { job, ...found, masked };
}

function setBusy(isBusy) {
    document.body.classList.toggle('is-busy', isBusy);
    byId('stop').hidden = !isBusy;
}

function failed(error) {
    tell(() => (error.name === 'AbortError' ? say('stopped') : ''));
    if (error.name === 'AbortError') return;
    const isFile = error instanceof DOMException;
    if (!(error instanceof Refusal) && !isFile) reportError(error);
    complain(() => error.words ?? say(isFile ? 'problem-file' : 'problem-here'));
    if (error.status === 401) {
        byId('token-box').hidden = false;
        byId('token').focus();
    }
}

async function examine(chosen) {
    running?.abort();
    complain(null);
    hideResult();
    const job = jobOf(chosen);
    file = chosen;
    token = byId('token').value.trim();
    if (job.size === 0 && !chosen) {
        tell(() => say('empty'));
        byId('text').focus();
        return;
    }
    if (job.size > MOST) return complain(() => say('too-big-here', saySize(MOST)));
    if (!/^[\x21-\x7e]*$/.test(token)) return complain(() => say('token-form'));
    const control = new AbortController();
    running = control;
    setBusy(true);
    try {
        const result = await work({ ...job, query: query(), signal: control.signal });
        if (running === control) await showResult(result);
    } catch (error) {
        if (running === control) failed(error);
    } finally {
        if (running === control) {
            running = null;
            setBusy(false);
        }
    }
}

// ---- events ----

function takeFiles(files) {
    if (files.length === 0) return;
    examine(files[0]).then(() => {
        if (files.length > 1) tell(() => say('first-file'));
    });
}

async function copy() {
    try {
        await navigator.clipboard.writeText(await shown.masked.blob.text());
        tell(() => say('copied'));
    } catch {
        tell(() => say('copy-failed'));
    }
}

function clear() {
    running?.abort();
    running = null;
    setBusy(false);
    hideResult();
    complain(null);
    file = null;
    token = '';
    byId('token').value = '';
    byId('text').value = '';
    byId('text').focus();
    tell(() => say('cleared'));
}

function changeLanguage(event) {
    event.preventDefault();
    speak(event.currentTarget.lang);
    const address = new URL(location.href);
    address.searchParams.set('lang', language);
    history.replaceState(null, '', address);
    tell(told);
    complain(complaint);
    if (!shown) return;
    putWords(shown);
    if (!byId('shown').hidden) view.draw(view.part);
}

const hasControl = (event) => event.ctrlKey || event.metaKey;
const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
// Moves go on coming as long as something is held over the page; how a drag ends
// elsewhere, not every browser tells.
let overTimer = 0;
function over(isOver) {
    clearTimeout(overTimer);
    document.body.classList.toggle('is-over', isOver);
    if (isOver) overTimer = setTimeout(over, 1000, false);
}
const on = (id, name, handler) => byId(id).addEventListener(name, handler);

on('examine', 'click', () => examine(byId('text').value === '' ? file : null));
on('stop', 'click', () => running?.abort());
on('clear', 'click', clear);
on('copy', 'click', copy);
on('more', 'click', listMore);
on('file', 'change', () => {
    const files = [...byId('file').files];
    byId('file').value = '';
    byId('text').value = '';
    takeFiles(files);
});
on('token', 'keydown', (event) => {
    if (event.key === 'Enter' && !hasControl(event)) byId('examine').click();
});
on('text', 'input', () => (file = null));
on('text', 'paste', (event) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    takeFiles([...event.clipboardData.files]);
});
on('part-before', 'click', () => view.draw(view.part - 1));
on('part-behind', 'click', () => view.draw(view.part + 1));
on('mark-before', 'click', () => goTo(view.at - 1));
on('mark-behind', 'click', () => goTo(view.at + 1));
on('rows', 'click', (event) => {
    const place = event.target.closest('button');
    if (place) goTo(Number(place.dataset.index));
});
for (const which of ['masked', 'own'])
    on(`view-${which}`, 'change', () => {
        view.which = which;
        view.draw(view.part);
    });
for (const link of document.querySelectorAll('nav a'))
    link.addEventListener('click', changeLanguage);
document.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && hasControl(event)) byId('examine').click();
});
document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(true);
});
document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) over(false);
});
document.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(false);
    byId('text').value = '';
    takeFiles([...event.dataTransfer.files]);
});
// Nothing waits for who comes back.
addEventListener('pagehide', clear);
speak(language);
