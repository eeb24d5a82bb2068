// Bytes with their findings highlighted, one part at a time.

const MARKS = 1000;

class View {
    constructor() {
        this.turn = 0;
        this.clear();
    }

    clear() {
        this.turn++;
        this.places = new Places();
        this.sources = {};
        this.encoding = null;
        this.which = 'masked';
        this.part = 0;
        this.at = -1;
        byId('view').replaceChildren();
    }

    get source() {
        return this.sources[this.which];
    }

    async open(sources, places) {
        this.clear();
        this.sources = sources;
        this.places = places;
        this.which = sources.masked ? 'masked' : 'own';
        this.encoding = await encodingOf(sources.own);
    }

    // Draws a part; what was asked for later wins.
    async draw(part) {
        const turn = ++this.turn;
        const source = this.source;
        const from = await partStart(source, part, this.encoding, this.places);
        const to = await partStart(source, part + 1, this.encoding, this.places);
        const bytes = await source.read(from, to);
        if (turn !== this.turn) return;
        this.part = part;
        const capped = this.fill(bytes, from, to);
        this.tell(capped);
    }

    fill(bytes, from, to) {
        const read = reader(this.encoding);
        const pieces = document.createDocumentFragment();
        const put = (begin, end) => read(bytes.subarray(begin - from, end - from));
        let done = from;
        let index = this.places.lastBefore(from) + 1;
        const first = index;
        for (; index < this.places.marks && this.places.begin(index) < to; index++) {
            if (index - first === MARKS) break;
            pieces.append(put(done, this.places.begin(index)));
            const own = put(this.places.begin(index), this.places.end(index));
            const mark = make('mark', own);
            if (this.places.sensitive.has(index)) mark.className = 'sad';
            mark.dataset.index = index;
            pieces.append(mark);
            done = this.places.end(index);
        }
        pieces.append(put(done, to));
        byId('view').replaceChildren(pieces);
        byId('view').scrollTop = 0;
        return index < this.places.marks && this.places.begin(index) < to;
    }

    tell(capped) {
        const parts = partCount(this.source);
        byId('pager').hidden = parts === 1 && !capped;
        const place = [number(this.part + 1), number(parts)];
        byId('part-at').textContent = say('part-at', ...place);
        byId('part-before').disabled = this.part === 0;
        byId('part-behind').disabled = this.part + 1 >= parts;
        byId('part-note').textContent = capped ? say('marks-capped', number(MARKS)) : '';
        byId('steps').hidden = this.places.marks === 0;
        byId('legend').hidden = this.places.marks === 0;
        byId('legend').lastElementChild.hidden = !this.places.hasSensitive;
        byId('mark-at').textContent =
            this.at < 0
                ? sayCount('result', this.places.marks)
                : say('mark-at', number(this.at + 1), number(this.places.marks));
        byId('mark-before').disabled = this.at <= 0;
        byId('mark-behind').disabled = this.at + 1 >= this.places.marks;
    }

    // The part that shows a finding: parts begin a little before their multiple.
    async partOf(index) {
        const begin = this.places.begin(index);
        let part = Math.min(Math.floor(begin / PART), partCount(this.source) - 1);
        const next = await partStart(this.source, part + 1, this.encoding, this.places);
        if (begin >= next && part + 1 < partCount(this.source)) part++;
        return part;
    }

    async go(index) {
        const part = await this.partOf(index);
        this.at = index;
        await this.draw(part);
        for (const old of byId('view').querySelectorAll('.at'))
            old.classList.remove('at');
        const mark = byId('view').querySelector(`[data-index="${index}"]`);
        mark?.classList.add('at');
        mark?.scrollIntoView({ block: 'center' });
        return mark !== null;
    }
}

// A packed file's content, or what kept the browser from unpacking it.
async function unpacked(blob, most) {
    const pieces = [];
    let size = 0;
    const stream = blob.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
    try {
        for (;;) {
            const { done, value } = await stream.read();
            if (done) break;
            size += value.length;
            if (size > most) {
                await stream.cancel();
                return { problem: 'note-too-big' };
            }
            pieces.push(value);
        }
    } catch (error) {
        if (error instanceof DOMException) throw error; // the file, not what is in it
        return { problem: 'note-torn' };
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
        bytes.set(piece, at);
        at += piece.length;
    }
    return bytes;
}
