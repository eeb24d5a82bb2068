// Bytes as text: what encoding they are in, and how they are cut into parts that can be
// shown one at a time.  Offsets are of bytes, as the service counts them.

const PART = 64 * 1024;
const SAMPLE = 256 * 1024;
// Control characters that texts have: tab, line feed, form feed, return, escape.
const PLAIN = [9, 10, 12, 13, 27];

// Where bytes come from: memory, or a file that is read piece by piece.
const fromBytes = (bytes) => ({
    size: bytes.length,
    read: async (begin, end) => bytes.subarray(begin, end),
});
const fromBlob = (blob) => ({
    size: blob.size,
    read: async (begin, end) =>
        new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
});

// A sample may end in the middle of a character.
function decodes(label, sample, isWhole) {
    try {
        const decoder = new TextDecoder(label, { fatal: true });
        return decoder.decode(sample, { stream: !isWhole });
    } catch {
        return null;
    }
}

const count = (text, pattern) => (text.match(pattern) ?? []).length;

// UTF-16 without a mark: every other byte of plain text is zero.
function wide(sample) {
    const zeros = [0, 0];
    for (let at = 0; at < sample.length; at++) if (sample[at] === 0) zeros[at % 2]++;
    const half = sample.length / 2;
    if (zeros[1] > half * 0.3 && zeros[0] < half * 0.05) return 'utf-16le';
    if (zeros[0] > half * 0.3 && zeros[1] < half * 0.05) return 'utf-16be';
    return null;
}

// Bytes that are Japanese in both encodings: the one that reads as more of it, and as
// fewer half-width letters, is the likelier.
function japanese(sample, isWhole) {
    let best = null;
    let most = -1;
    for (const label of ['shift_jis', 'euc-jp']) {
        const text = decodes(label, sample, isWhole);
        if (text === null) continue;
        const likely =
            count(text, /[\p{Script=Hiragana}\p{Script=Katakana}０-９]/gu) * 2 +
            count(text, /\p{Script=Han}/gu) - count(text, /[\uff61-\uff9f]/gu) * 4;
        if (likely > most) {
            most = likely;
            best = label;
        }
    }
    return best;
}

// The label of a TextDecoder; null if it is no text.
async function encodingOf(source) {
    const sample = await source.read(0, Math.min(source.size, SAMPLE));
    const isWhole = sample.length === source.size;
    if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
    if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
    const isWide = sample.includes(0) ? wide(sample) : null;
    if (isWide) return isWide;
    const controls = sample.filter((byte) => byte < 32 && !PLAIN.includes(byte)).length;
    if (controls > sample.length / 100) return null;
    const escapes = sample.includes(27) ? decodes('iso-2022-jp', sample, isWhole) : null;
    if (escapes !== null && /[\u3000-\u9fff]/.test(escapes)) return 'iso-2022-jp';
    if (decodes('utf-8', sample, isWhole) !== null) return 'utf-8';
    const best = japanese(sample, isWhole);
    if (best) return best;
    return controls === 0 && sample.length > 0 ? 'windows-1252' : null;
}

// Gives a function that reads the pieces of one part in order: some encodings remember
// what came before.
function reader(encoding) {
    if (!encoding)
        return (bytes) => {
            let text = '';
            for (let at = 0; at < bytes.length; at += 8192)
                text += String.fromCharCode(...bytes.subarray(at, at + 8192));
            return text.replace(/[^\t\n\x20-\x7e]/g, '·');
        };
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    return (bytes) => decoder.decode(bytes, { stream: true }).replace(/\ufeff/g, '');
}

// The first byte at or before `end` where a character begins, best behind a line's end.
function characterStart(bytes, end, encoding) {
    if (encoding === 'utf-16le' || encoding === 'utf-16be') {
        const even = end - (end % 2);
        const high = encoding === 'utf-16le' ? even + 1 : even;
        return (bytes[high] & 0xfc) === 0xdc ? even - 2 : even;
    }
    for (let at = end; at > 0 && at > end - 8192; at--)
        if (bytes[at - 1] === 10) return at;
    if (encoding === 'utf-8') {
        let at = end;
        while (at > 0 && at > end - 4 && (bytes[at] & 0xc0) === 0x80) at--;
        return at;
    }
    return end;
}

// Where part `index` begins: near a multiple of PART, never inside of a finding or of a
// character, and the same however one comes there.  `places` has its findings.
async function partStart(source, index, encoding, places) {
    const near = index * PART;
    if (index === 0) return 0;
    if (near >= source.size) return source.size;
    const from = near - 8192 - ((near - 8192) % 2);
    const bytes = await source.read(from, Math.min(source.size, near + 4));
    const start = from + characterStart(bytes, near - from, encoding);
    const place = places.lastBefore(start);
    return place >= 0 && places.end(place) > start ? places.begin(place) : start;
}

const partCount = (source) => Math.max(1, Math.ceil(source.size / PART));
