// What the page says, in the language it has now.

const texts = JSON.parse(document.getElementById('texts').textContent);
let language = document.documentElement.lang;
const byId = (id) => document.getElementById(id);

function say(key, ...given) {
    const text = texts[language][key] ?? key.replace(/^brand-/, '');
    return text.replace(/\{(\d)\}/g, (whole, index) => given[index]);
}

const number = (count) => new Intl.NumberFormat(language).format(count);

// "1 finding", "2 findings": where a language makes no difference its rules say `other`.
function sayCount(key, count) {
    const rule = new Intl.PluralRules(language).select(count) === 'one' ? 'one' : 'other';
    return say(`${key}.${rule}`, number(count));
}

function saySize(bytes) {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'];
    let unit = 0;
    while (bytes >= 1000 && unit < units.length - 1) {
        bytes /= 1000;
        unit++;
    }
    return new Intl.NumberFormat(language, {
        style: 'unit',
        unit: units[unit],
        unitDisplay: unit === 0 ? 'long' : 'short',
        maximumFractionDigits: 1,
    }).format(bytes);
}

// A name with a run of many digits may be a card number: it is never shown or reused.
const looksLikeCard = (name) => /\d(?:[\s._-]{0,2}\d){11}/u.test(name.normalize('NFKC'));
const safeName = (name) =>
    looksLikeCard(name) ? name.normalize('NFKC').replace(/\d/g, '*') : name;

// Fills every text of the page anew.  The URL alone remembers the choice.
function speak(chosen) {
    language = chosen;
    document.documentElement.lang = chosen;
    document.title = say('title');
    for (const element of document.querySelectorAll('[data-text]'))
        element.textContent = say(element.dataset.text);
    for (const element of document.querySelectorAll('[data-label]'))
        element.setAttribute('aria-label', say(element.dataset.label));
    for (const link of document.querySelectorAll('nav a'))
        if (link.lang === chosen) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
}

function make(name, text, kind) {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
}
