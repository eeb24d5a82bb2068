// What came of it, shown.

const MOST_SHOWN = 64 * 1000 * 1000;
const LISTED_AT_ONCE = 100;
const view = new View();
let shown = null; // the last result
let listedRows = 0;

function hideResult() {
    byId('result').hidden = true;
    byId('rows').replaceChildren();
    if (byId('download').href) URL.revokeObjectURL(byId('download').href);
    byId('download').removeAttribute('href');
    view.clear();
    shown = null;
}

function cardsText(summary) {
    return summary.cards_estimated
        ? say('cards-about', number(summary.cards))
        : sayCount('cards', summary.cards);
}

function putHead(result) {
    const { summary, places } = result;
    const isClean = places.count === 0 && summary.complete;
    byId('result').className =
        'panel' + (isClean ? ' found-none' : places.hasSensitive ? ' found-bad' : '');
    byId('result-head').textContent =
        places.count > 0
            ? sayCount('result', places.count)
            : say(summary.complete ? 'result-none' : 'result-unsure');
    const facts = [say('size', saySize(summary.bytes))];
    if (summary.cards > 0) facts.unshift(cardsText(summary));
    if (result.job.name) facts.unshift(safeName(result.job.name));
    byId('result-name').textContent = facts.join(' · ');
}

function putNotes(result) {
    const { summary, places, unexamined, masked } = result;
    const list = byId('notes');
    const note = (text, kind) => list.appendChild(make('li', text, kind));
    list.replaceChildren();
    if (places.hasSensitive) note(say('note-sensitive'), 'alarm');
    if (!summary.complete) note(say('note-incomplete'), 'alarm');
    for (const one of unexamined) {
        const reason = make('small', say('note-reason', one.reason));
        list.lastElementChild.append(reason);
    }
    if (masked.problem) {
        const isOpaque = masked.problem === 'opaque';
        const why = isOpaque ? 'note-not-mask-opaque' : 'problem-damaged';
        note(say('note-not-masked', say(why)), 'alarm');
    }
    if (places.count > 0 && places.onlyTests) note(say('note-tests'));
    for (const one of places.beside)
        note(say('note-beside', one.path.slice().reverse().join(' '), one.masked));
    if (masked.zeroed > 0) note(say('note-zeroed', number(masked.zeroed)));
    if (summary.codings) note(say('note-codings', summary.codings.join(', ')));
    if (result.unshown) note(result.unshown());
    else if (view.encoding !== 'utf-8') note(encodingNote(view.encoding));
}

// Both versions as bytes that can be shown; null, and why in `result.unshown`.
async function sourcesOf(result) {
    const codings = result.summary.codings ?? [];
    const pair = { own: result.job.own, masked: result.masked.blob };
    const sources = {};
    const hide = (key, ...given) => {
        result.unshown = () => say(key, ...given);
        return null;
    };
    if (codings.length > 0 && codings.join() !== 'gzip')
        return hide('note-unshown', codings.join(', '));
    for (const [which, blob] of Object.entries(pair)) {
        if (!blob) continue;
        if (codings.length > 0) {
            const bytes = await unpacked(blob, MOST_SHOWN);
            if (bytes.problem) return hide(bytes.problem);
            sources[which] = fromBytes(bytes);
        } else if (blob instanceof Uint8Array) sources[which] = fromBytes(blob);
        else sources[which] = fromBlob(blob);
    }
    return sources;
}

// "app.log.gz" becomes "app-masked.log.gz"; a name that may hold a card is left out.
function maskedName(name) {
    if (!name) return 'masked.txt';
    const endings = /^(.+?)((?:\.[A-Za-z]\w{0,7}){0,2})$/;
    const [, stem, rest] = endings.exec(name) ?? [null, name, ''];
    if (!looksLikeCard(name)) return `${stem}-masked${rest}`;
    return looksLikeCard(rest) ? 'masked' : `masked${rest}`;
}

function offer(result) {
    const { masked, job } = result;
    const link = byId('download');
    link.hidden = !masked.blob;
    byId('copy').hidden = !masked.blob || job.name !== '' || !navigator.clipboard;
    if (!masked.blob) return;
    link.href = URL.createObjectURL(masked.blob);
    link.download = maskedName(job.name);
}

function kindText(finding) {
    return say(`kind-${finding.kind}`);
}

const brandText = (finding) => (finding.brand ? say(`brand-${finding.brand}`) : '');

function rowOf(finding, index) {
    const row = make('tr', undefined, isSensitiveKind(finding.kind) ? 'sad' : '');
    row.setAttribute('role', 'row');
    const cell = (head, ...content) => {
        const made = make('td');
        made.setAttribute('role', 'cell');
        const box = make('div');
        made.dataset.head = say(`column-${head}`);
        box.append(...content);
        made.append(box);
        row.append(made);
    };
    const place = make('button', `${number(finding.line)} : ${number(finding.column)}`);
    place.type = 'button';
    place.dataset.index = index;
    place.disabled = byId('shown').hidden;
    const digits = make('span', finding.masked, 'digits');
    cell('number', number(index + 1));
    cell('kind', kindText(finding));
    cell('brand', brandText(finding) || '-');
    cell('masked', digits, finding.test_number ? make('small', say('test-number')) : '');
    cell('place', place);
    cell('confidence', say(`confidence-${finding.confidence}`));
    cell('form', make('code', finding.form), make('small', finding.reasons.join(', ')));
    return row;
}

function listMore() {
    const { places } = shown;
    const end = Math.min(listedRows + LISTED_AT_ONCE, places.listed.length);
    const rows = document.createDocumentFragment();
    for (; listedRows < end; listedRows++)
        rows.append(rowOf(places.listed[listedRows], listedRows));
    byId('rows').append(rows);
    byId('more').hidden = listedRows === places.listed.length;
    const words = listedRows === places.listed.length ? 'listed-capped' : 'listed';
    byId('listed').textContent =
        listedRows === places.marks
            ? ''
            : say(words, number(listedRows), number(places.marks));
}

function putWords(result) {
    putHead(result);
    putNotes(result);
    byId('list').hidden = result.places.marks === 0;
    byId('rows').replaceChildren();
    const until = listedRows;
    listedRows = 0;
    do listMore();
    while (listedRows < until);
}

function encodingNote(encoding) {
    return encoding ? say('note-encoding', encoding.toUpperCase()) : say('note-binary');
}

async function showResult(result) {
    const sources = await sourcesOf(result);
    byId('shown').hidden = !sources;
    if (sources) await view.open(sources, result.places);
    shown = result;
    listedRows = 0;
    putWords(result);
    offer(result);
    byId('switch').hidden = !sources?.masked;
    byId(view.which === 'masked' ? 'view-masked' : 'view-own').checked = true;
    if (sources) await view.draw(0);
    byId('result').hidden = false;
    tell(() => say('done'));
    byId('result-head').focus();
}

async function goTo(index) {
    await view.go(index);
    const { places } = shown;
    const finding = places.listed[index];
    const where = () => [number(index + 1), number(places.marks)];
    tell(() =>
        finding
            ? say('mark-said', ...where(),
                `${kindText(finding)} ${brandText(finding)} ${finding.masked}`,
                number(finding.line), number(finding.column))
            : say('mark-at', ...where()));
}
