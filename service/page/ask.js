// Asking the service: a scan whose answer is read as it comes, a mask, and refusals.

const LISTED = 1000;
const BESIDE = 10;
let token = '';

class Refusal extends Error {
    constructor(problem, status) {
        super(problem);
        this.problem = problem;
        this.status = status;
    }

    get words() {
        const key = `problem-${this.problem}`;
        return say(key in texts.en ? key : 'problem-other', this.status);
    }
}

// The name of a refusal, from the service's problem document.
async function refusalOf(reply) {
    let problem = '';
    try {
        problem = (await reply.json()).type.replace('urn:cardsieve:problem:', '');
    } catch {
        // Somebody between here and the service has answered.
    }
    if (reply.status === 401 && token) problem = 'unauthorized-again';
    return new Refusal(problem || 'other', reply.status);
}

// Paths are relative: the page may stand behind another server, below a path of its own.
async function ask(path, job) {
    const headers = { 'Content-Type': job.type };
    if (token) headers.Authorization = `Bearer ${token}`;
    let reply;
    try {
        reply = await fetch(`${path}?${job.query}`, {
            method: 'POST',
            body: job.body,
            headers,
            cache: 'no-store',
            redirect: 'error',
            signal: job.signal,
        });
    } catch (error) {
        if (error.name === 'AbortError') throw error;
        throw new Refusal((await isReadable(job.body)) ? 'network' : 'file', 0);
    }
    if (!reply.ok) throw await refusalOf(reply);
    return reply;
}

// A file that was moved or changed fails the request just as a lost network does.
async function isReadable(body) {
    try {
        if (body instanceof Blob) await body.slice(0, 1).arrayBuffer();
        return true;
    } catch {
        return false;
    }
}

// What may never be kept; a rule of one's own finds whatever it looks for.
const isSensitiveKind = (kind) => kind !== 'pan' && kind !== 'rule';

// Where the findings are, by byte; details of the first LISTED of them.
class Places {
    starts = [];
    ends = [];
    sensitive = new Set();
    listed = [];
    beside = []; // the first of those that a packed file has beside its content
    besideCount = 0;
    hasSensitive = false;
    onlyTests = true;

    add(finding) {
        const isSensitive = isSensitiveKind(finding.kind);
        this.hasSensitive ||= isSensitive;
        this.onlyTests &&= finding.test_number;
        if (finding.path.length > 0) {
            this.besideCount++;
            if (this.beside.length < BESIDE) this.beside.push(finding);
            return;
        }
        if (isSensitive) this.sensitive.add(this.starts.length);
        this.starts.push(finding.offset);
        this.ends.push(finding.offset + finding.length);
        if (this.listed.length < LISTED) this.listed.push(finding);
    }

    get count() {
        return this.marks + this.besideCount;
    }

    // Those in the content, which can be shown where they are.
    get marks() {
        return this.starts.length;
    }

    begin(index) {
        return this.starts[index];
    }

    end(index) {
        return this.ends[index];
    }

    // The last one that begins before `offset`; -1 if there is none.
    lastBefore(offset) {
        let low = 0;
        let high = this.starts.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.starts[middle] < offset) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }
}

// The answer has each finding on a line of its own, so that it is never held as a whole.
async function scan(job) {
    const reply = await ask('v1/scan', job);
    const places = new Places();
    const rest = [];
    const take = (line) => {
        if (line.startsWith('{"event":"finding"')) {
            places.add(JSON.parse(line.replace(/,\s*$/, '')));
            rest.push('');
        } else rest.push(line);
    };
    const decoder = new TextDecoder();
    let open = '';
    try {
        for (const stream = reply.body.getReader(); ; ) {
            const { done, value } = await stream.read();
            const lines = (open + decoder.decode(value, { stream: !done })).split('\n');
            open = lines.pop();
            lines.forEach(take);
            if (done) break;
        }
    } catch (error) {
        throw error.name === 'AbortError' ? error : new Refusal('network', 0);
    }
    const frame = JSON.parse(rest.filter((line) => line !== '').join('') + open);
    if (frame.summary.findings !== places.count) throw new Refusal('internal', 0);
    return { places, summary: frame.summary, unexamined: frame.unexamined ?? [] };
}

async function mask(job) {
    const reply = await ask('v1/mask', job);
    try {
        return {
            blob: await reply.blob(),
            zeroed: Number(reply.headers.get('Cardsieve-Numbers-Zeroed') ?? 0),
        };
    } catch (error) {
        throw error.name === 'AbortError' ? error : new Refusal('network', 0);
    }
}
