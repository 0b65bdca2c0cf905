// Diagrams are drawn when they come near the view, each in a sandboxed frame:
// what draws them writes styles that the policy of the page forbids. Until
// then, and when drawing fails, their source shows.

const prose = document.getElementById('prose');
const { diagrams: address, diagramTitle, diagramSource, diagramFailed } = prose.dataset;

const frames = new Map(); // window of a frame → its diagram

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    frame(target);
  }
}, { rootMargin: '600px' });

for (const code of prose.querySelectorAll('pre > code.language-mermaid')) {
  const source = code.parentElement;
  const figure = document.createElement('figure');
  figure.className = 'diagram';
  source.replaceWith(figure);
  figure.append(source);
  near.observe(figure);
}

function frame(figure) {
  const view = document.createElement('iframe');
  view.title = diagramTitle;
  view.setAttribute('sandbox', 'allow-scripts');
  view.src = address;
  figure.append(view);
  frames.set(view.contentWindow, figure);
}

addEventListener('message', (event) => {
  const figure = frames.get(event.source);
  if (!figure) return;
  const { ready, height, failure } = event.data;
  if (ready) draw(figure);
  if (height) {
    if (!figure.classList.contains('drawn')) offerSource(figure);
    figure.classList.add('drawn');
    figure.querySelector('iframe').style.blockSize = `${height}px`;
  }
  if (failure) {
    figure.classList.remove('drawn');
    const note = document.createElement('p');
    note.className = 'failure';
    note.textContent = `${diagramFailed} ${failure}`;
    figure.append(note);
  }
});

function draw(figure) {
  const source = figure.querySelector('code').textContent;
  figure.querySelector('iframe').contentWindow.postMessage({ source, dark: isDark() }, '*');
}

// offerSource keeps the source at hand below the drawing.
function offerSource(figure) {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = diagramSource;
  details.append(summary, figure.querySelector('pre').cloneNode(true));
  figure.append(details);
}

const system = matchMedia('(prefers-color-scheme: dark)');

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : system.matches;
}

function redraw() {
  for (const figure of frames.values()) draw(figure);
}

document.addEventListener('themechange', redraw);
system.addEventListener('change', redraw);
