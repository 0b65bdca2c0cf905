// Diagrams are drawn when they come near the view. What draws them writes
// styles that the policy of the page forbids, so it works in a sandboxed frame,
// which sends back pictures. Until then, and when drawing fails, the source of
// a diagram shows. A picture is kept, and shows from the first paint the next
// time.

const prose = document.querySelector('[data-diagrams]');
const { diagrams: address, diagramTitle, diagramSource, diagramFailed } = prose.dataset;
const system = matchMedia('(prefers-color-scheme: dark)');

// A diagram's id is its index; its source until it is drawn.
const figures = [...prose.querySelectorAll('pre > code.language-mermaid')].map((code) => code.parentElement);
const asked = new Set(); // ids
let frame = null;
let ready = false;

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    ask(figures.indexOf(target));
  }
}, { rootMargin: document.querySelector('.live') ? '999999px' : '1200px' }); // all of what is to be printed

const held = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (!isIntersecting) target.classList.remove('held');
});

figures.forEach((source, id) => {
  if (kept(id)) ask(id);
  else near.observe(source);
});

function ask(id) {
  asked.add(id);
  const drawing = kept(id);
  if (drawing) show(figureOf(id), drawing);
  else if (ready) send(id);
  else if (!frame) openFrame();
}

function openFrame() {
  frame = document.createElement('iframe');
  frame.className = 'drawing-frame';
  frame.title = diagramTitle;
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.src = isDark() ? `${address}?dark` : address;
  document.body.append(frame);
}

function send(id) {
  frame.contentWindow.postMessage({ id, source: sourceOf(id) }, '*');
}

function sourceOf(id) {
  return figures[id].querySelector('code').textContent;
}

// keyOf names what is kept. The address of this module tells one release from
// another.
function keyOf(id) {
  return `diagram ${import.meta.url} ${isDark()} ${sourceOf(id)}`;
}

function kept(id) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(id)));
  } catch {
    return null; // nothing is remembered here
  }
}

// keep keeps a drawing, and none of another release.
function keep(id, drawing) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith('diagram ') && !key.includes(import.meta.url)) localStorage.removeItem(key);
    }
    localStorage.setItem(keyOf(id), JSON.stringify(drawing));
  } catch { /* there is no room, or nothing is remembered here */ }
}

addEventListener('message', (event) => {
  if (event.source !== frame?.contentWindow) return;
  const { id, drawing, failure } = event.data;
  if (event.data.ready) {
    ready = true;
    asked.forEach(ask);
  } else if (drawing) {
    if (figures[id].matches('pre')) hold(id);
    show(figureOf(id), drawing);
    keep(id, drawing);
  } else if (failure) {
    tell(figureOf(id), failure);
  }
});

// figureOf returns the figure of a diagram, which it makes around the source. An
// earlier one would have the source painted again.
function figureOf(id) {
  const source = figures[id];
  if (source.matches('figure')) return source;
  const figure = document.createElement('figure');
  figure.className = 'diagram';
  source.replaceWith(figure);
  figure.append(source);
  figures[id] = figure;
  return figure;
}

// hold gives the figure of a diagram the height of its source while that is on
// the screen: what is being read there does not move.
function hold(id) {
  const { top, bottom, height } = figures[id].getBoundingClientRect();
  if (bottom < 0 || top > innerHeight) return;
  const figure = figureOf(id);
  figure.classList.add('held');
  figure.style.setProperty('--held', `${height}px`);
  held.observe(figure);
}

// show puts a drawing in the place of a diagram's source, which stays at hand
// below it.
function show(figure, { svg, width, height }) {
  let picture = figure.querySelector('img');
  if (!picture) {
    picture = document.createElement('img');
    picture.alt = diagramTitle;
    const details = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = diagramSource;
    details.append(summary, figure.querySelector('pre'));
    const button = document.createElement('button');
    button.className = 'enlarge';
    button.append(picture);
    button.onclick = async () => (await import('../study/study.js')).enlarge(picture);
    figure.replaceChildren(button, details);
  }
  picture.classList.toggle('dark', isDark());
  picture.width = width; // it has its place before it is decoded
  picture.height = height;
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

function tell(figure, failure) {
  if (figure.querySelector('.failure')) return;
  const note = document.createElement('p');
  note.className = 'failure';
  note.textContent = `${diagramFailed} ${failure}`;
  figure.append(note);
}

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : system.matches;
}

function redraw() {
  frame?.remove();
  frame = null;
  ready = false;
  asked.forEach(ask);
}

document.addEventListener('themechange', redraw);
system.addEventListener('change', redraw);
