// The palette: type a few letters, or a few words of a lesson, pick what was
// found, go there. A prefix asks for one kind alone. It follows the ARIA
// combobox pattern: focus stays in the field while aria-activedescendant walks
// the options.

const get = (id) => document.getElementById(`palette${id}`);
const dialog = get('');
const input = get('-input');
const list = get('-results');
// What is outside of an open dialog is not read out.
const said = get('-said');
const words = list.dataset;
const prefixes = [...get('-prefixes').querySelectorAll('button')];

// Milliseconds without a key before a search starts, and from its answer until
// that of text does.
const pause = 40;
const textPause = 160;
const limits = { all: 10, text: 6 };

// The elements, in order; the index of the one that Enter opens; what was typed
// for them.
let options = [];
let chosen = -1;
let shownFor = '';
let running = new AbortController();
let timer = 0;
// Whether a key went down in the field: else what comes in belongs to the key
// that opened the palette.
let pressed = false;

// open shows the palette with what was typed while it was being fetched.
export function open(early) {
  if (!dialog.open) {
    pressed = false;
    dialog.showModal();
  }
  input.select();
  if (!early) return;
  input.value = early;
  search();
}

dialog.addEventListener('click', (event) => {
  if (event.target === dialog) dialog.close();
  const prefix = event.target.closest('[data-prefix]')?.dataset.prefix;
  if (!prefix) return;
  input.value = prefix + asked().query;
  input.focus();
  search();
});

// Or it keeps the keys where nothing had the focus before.
dialog.addEventListener('close', () => dialog.open || input.blur());

input.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(search, pause);
});

input.addEventListener('beforeinput', (event) => {
  if (!pressed && event.data === '/') event.preventDefault();
});

input.addEventListener('keydown', (event) => {
  pressed = true;
  if (event.isComposing) return;
  const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  if (event.key in moves) {
    event.preventDefault();
    move(moves[event.key]);
  } else if (event.key === 'Enter') {
    event.preventDefault();
    go(event.ctrlKey || event.metaKey);
  }
});

// The field keeps the focus.
list.addEventListener('mousedown', (event) => event.preventDefault());
list.addEventListener('click', (event) => {
  const at = options.indexOf(event.target.closest('[role=option]'));
  if (at < 0) return;
  choose(at);
  go(event.ctrlKey || event.metaKey);
});

// asked returns what the field asks for.
function asked() {
  const typed = input.value.trim();
  const kind = prefixes.find((b) => b.dataset.prefix === typed[0])?.dataset.kind;
  return { typed, kind, query: kind ? typed.slice(1).trim() : typed };
}

async function search() {
  clearTimeout(timer);
  running.abort();
  const { signal } = (running = new AbortController());
  const { typed, kind, query } = asked();
  if (kind === 'command') return show([commands(query)], typed);
  if (!query && !/lesson|note|term/.test(kind)) return show([], typed);
  const groups = await ask(kind ?? 'all', query, signal);
  if (signal.aborted) return;
  show(groups, typed);
  if (!kind && query.length > 2) timer = setTimeout(alsoText, textPause, query, signal);
}

// alsoText adds what a search of text finds below what there is: nothing moves.
async function alsoText(query, signal) {
  const [text] = await ask('text', query, signal);
  if (signal.aborted || text.results.length === 0) return;
  add(text, query);
  say();
}

async function ask(kind, query, signal) {
  const parameters = new URLSearchParams({ kind, limit: query ? limits[kind] ?? 20 : 99, q: query });
  try {
    const answer = await fetch(`/api/v1/search?${parameters}`, { signal });
    if (!answer.ok) throw answer;
    if (kind !== 'text') {
      const found = await answer.json();
      return found.groups ?? [found];
    }
    const files = (await answer.text()).trim().split('\n').map(JSON.parse).filter((file) => file.lines);
    return [{ kind, results: files.flatMap((file) => file.lines.filter((l) => l.matches.length > 0).map((line) => ({ ...file, ...line }))) }];
  } catch {
    return [{ kind, results: [], failed: !signal.aborted }];
  }
}

// commands returns those that can be given here and that the query's words are in.
function commands(query) {
  const bare = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();
  const all = [...get('-commands').children].filter(({ dataset, textContent }) =>
    (!dataset.press || document.querySelector(dataset.press)) &&
    bare(query).split(/\s+/).every((word) => bare(textContent).includes(word)));
  return { kind: 'command', results: all };
}

function show(groups, typed) {
  options = [];
  list.replaceChildren();
  shownFor = typed;
  const { kind, query } = asked();
  for (const group of groups) if (group.results.length > 0) add(group, query);
  if (options.length === 0 && (query || groups.length > 0)) list.append(element('p', 'note', groups.some((g) => g.failed) ? words.failed : words.none));
  if (query && kind !== 'command') {
    const all = element('div', '', element('span', '', ''), element('span', '', words.everything.replace('%s', query)));
    all.dataset.address = `/search?${new URLSearchParams(kind ? { q: query, kind } : { q: query })}`;
    list.append(asOption(all));
  }
  say();
  choose(options.length > 0 ? 0 : -1);
}

// say tells who does not see the list how many were found, or why none.
function say() {
  const found = list.querySelectorAll('[role=group] [role=option]').length;
  said.textContent = found ? words.found.replace('%s', found) : list.querySelector('.note')?.textContent ?? '';
}

// add shows a group below those that there are.
function add({ kind, results }, query) {
  const title = element('span', '', prefixes.find((b) => b.dataset.kind === kind).lastChild.textContent);
  title.id = `palette-${kind}`;
  const group = element('div', '', title, ...results.map((result) => option(kind, result, query)));
  group.setAttribute('role', 'group');
  group.setAttribute('aria-labelledby', title.id);
  list.append(group);
}

const code = (...text) => element('span', 'is-code', ...text);
const plain = (...text) => element('span', '', ...text);
const what = (text) => element('span', 'what', text);
const where = (...text) => element('span', 'where', ...text);
const spanish = (e) => Object.assign(e, { lang: 'es' });

const kinds = Object.fromEntries([...document.getElementById('palette-kinds').options].map((o) => [o.value, o.label]));

// Of a long name the end tells it from others.
const ending = (name) => (name.length > 64 ? `…${name.split('::').slice(-2).join('::')}` : name);

const makers = {
  symbol: (r, query) => [code(...marked(ending(r.qualified), query)), what(r.definition ? kinds[r.kind] : `${kinds[r.kind]} (decl.)`),
    where(`${r.source}/${r.path}:${r.line}`),
    r.said ? spanish(where(`${r.said.section || r.said.title}: `, ...cut(r.said))) : ''],
  file: (r, query) => [code(...marked(r.path, query)), what(r.source)],
  lesson: (r) => [spanish(plain(r.title)), what(r.module), spanish(where(r.section))],
  note: (r) => [code(r.name), spanish(what(r.lesson)), spanish(where(...cut(r)))],
  term: (r, query) => [plain(...marked(r.name, query)), what(''), spanish(where(r.definition))],
  text: (r) => [code(...cut({ snippet: r.text, matches: r.matches })), what(''), where(`${r.source}/${r.path}:${r.number}`)],
  command: (r) => [plain(r.textContent)],
};

function option(kind, result, query) {
  const row = element('div', '', element('i', 'kind'), ...makers[kind](result, query));
  if (kind === 'command') Object.assign(row.dataset, result.dataset);
  else row.dataset.address = kind === 'text' ? `${result.url}?lines=${result.number}#L${result.number}` : result.url;
  row.dataset.kind = kind === 'symbol' ? result.kind : `(${kind})`;
  return asOption(row);
}

function asOption(row) {
  row.setAttribute('role', 'option');
  row.setAttribute('aria-selected', 'false');
  row.id = `palette-option-${options.length}`;
  options.push(row);
  return row;
}

// marked cuts text where the query stands in it, letter case aside.
function marked(text, query) {
  const last = query.split(/\s+/).filter((word) => !word.includes(':') || word.includes('::')).pop() ?? '';
  const at = last ? text.toLowerCase().lastIndexOf(last.toLowerCase()) : -1;
  if (at < 0) return [text];
  return [text.slice(0, at), element('mark', '', text.slice(at, at + last.length)), text.slice(at + last.length)];
}

// cut cuts a snippet at its matches, which are counted in bytes, and begins a
// little before the first.
function cut({ snippet, matches }) {
  const bytes = new TextEncoder().encode(snippet);
  const part = (from, to) => new TextDecoder().decode(bytes.slice(from, to));
  const parts = [];
  let at = 0;
  for (const { start, end } of matches) {
    parts.push(part(at, start), element('mark', '', part(start, end)));
    at = end;
  }
  parts.push(part(at));
  const head = parts[0].trimStart();
  parts[0] = matches.length > 0 && head.length > 40 ? `… ${head.slice(-30).replace(/^\S*\s/, '')}` : head;
  return parts;
}

function move(by) {
  const { length } = options;
  if (!length) return;
  const to = chosen + by;
  choose(Math.abs(by) === 1 ? (to + length) % length : Math.min(Math.max(to, 0), length - 1));
}

function choose(at) {
  options[chosen]?.setAttribute('aria-selected', 'false');
  chosen = at;
  const option = options[at];
  input.setAttribute('aria-expanded', !!option);
  input.setAttribute('aria-activedescendant', option?.id ?? '');
  option?.setAttribute('aria-selected', 'true');
  option?.scrollIntoView({ block: 'nearest' });
}

// go opens what is chosen, once the answers are those of what was typed.
async function go(elsewhere) {
  if (input.value.trim() !== shownFor) await search();
  const { address, press } = options[chosen]?.dataset ?? {};
  if (address && elsewhere) return void window.open(address, '_blank', 'noopener');
  if (!address && !press) return;
  input.blur();
  dialog.close();
  if (press) document.querySelector(press).click();
  else location.assign(address);
}

function element(name, className, ...children) {
  const e = Object.assign(document.createElement(name), { className });
  e.append(...children);
  return e;
}
