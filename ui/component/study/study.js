// Boxes are ticked without a new page: without this they are buttons of a form,
// which does the same. Commands get a button that copies them, drawings one that
// shows them large.

const form = document.getElementById('ticks');
const said = document.getElementById('said');
const words = document.getElementById('zoom').dataset;

// What was ticked last, so that the next is sent after it.
let sent = Promise.resolve();

form?.addEventListener('submit', (event) => {
  event.preventDefault();
  const box = event.submitter;
  const body = new URLSearchParams(new FormData(form, box));
  flip(box);
  sent = sent.then(() => send(box, body));
});

async function send(box, body) {
  let answer = { said: form.dataset.failed };
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' }, keepalive: true });
    if (!response.ok) throw response;
    answer = await response.json();
    form.querySelector('progress').value = answer.count;
  } catch {
    flip(box);
  }
  document.getElementById('studied').textContent = said.textContent = answer.said;
}

function flip(box) {
  const done = box.name === 'tick';
  box.setAttribute('aria-checked', done);
  box.name = done ? 'untick' : 'tick';
}

for (const code of document.querySelectorAll('.prose pre.code > code')) {
  const text = code.textContent;
  if (/-(ba|z)?sh$|shell|console/.test(code.className) || !code.className && /^\$ /m.test(text)) {
    tool(code, words.copy, async (button) => {
      const { copy } = await import('./copy.js');
      await copy(commands(text));
      said.textContent = button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, 2000);
    });
  } else if (!code.className && /[─│┌└═║╔]/.test(text)) {
    tool(code, words.zoom, () => enlarge(code));
  }
}

function tool(code, name, act) {
  const button = document.createElement('button');
  const box = document.createElement('div');
  button.className = 'tool';
  button.textContent = name;
  button.onclick = () => act(button);
  box.className = 'tooled';
  code.parentElement.replaceWith(box);
  box.append(code.parentElement, button);
}

export async function enlarge(what) {
  const { zoom } = await import('./zoom.js');
  zoom(what);
}

// commands returns what is to be typed: where lines have a prompt, they alone
// and what goes on behind their backslash or to the end of what they read.
function commands(text) {
  const prompt = /^\s*(\w+@\S*)?\$ /;
  const lines = text.trimEnd().split('\n');
  if (!lines.some((line) => prompt.test(line))) return lines.join('\n');
  let end = '';
  return lines.filter((line) => {
    const is = end || prompt.test(line);
    if (line.trim() === end || end === '\\') end = '';
    if (is && !end) end = line.endsWith('\\') ? '\\' : /<<-?\s*['"]?(\w+)/.exec(line)?.[1] ?? '';
    return is;
  }).map((line) => line.replace(prompt, '')).join('\n');
}

// What a term means shows while it is pointed at or has the focus; a first touch
// shows it, a second one follows it.
const meaning = document.createElement('div');
meaning.className = 'meaning';
meaning.hidden = true;
document.querySelector('main').append(meaning);
let shown = null;
let before = null;

for (const term of document.querySelectorAll('.term')) {
  term.ariaDescription = term.title;
  term.removeAttribute('title');
}

function tell(term) {
  shown = term;
  meaning.hidden = !term;
  if (!term) return;
  meaning.textContent = term.ariaDescription;
  const at = term.getClientRects()[0];
  const { offsetWidth, offsetHeight } = meaning;
  const below = at.bottom + offsetHeight + 8 < innerHeight;
  meaning.style.left = `${Math.max(8, Math.min(at.left, innerWidth - offsetWidth - 16))}px`;
  meaning.style.top = `${below ? at.bottom + 4 : at.top - offsetHeight - 4}px`;
}

const point = ({ target }) => {
  const at = target.closest?.('.term, .meaning') ?? null;
  if (at !== meaning && at !== shown) tell(at);
};
addEventListener('pointerover', (event) => event.pointerType === 'touch' || point(event));
addEventListener('focusin', point);
addEventListener('focusout', () => tell(null));
addEventListener('scroll', () => tell(shown), { capture: true, passive: true });
addEventListener('keydown', ({ key }) => key === 'Escape' && tell(null));
addEventListener('pointerdown', () => { before = shown; }, true);
addEventListener('click', (event) => {
  const term = event.target.closest('.term');
  if (!term || event.pointerType !== 'touch' || term === before) return;
  event.preventDefault();
  tell(term);
});
