// Diagrams are drawn when they come near the view. What draws them writes
// styles that the policy of the page forbids, so it works in a sandboxed frame,
// which sends back pictures. Until then, and when drawing fails, the source of
// a diagram shows.

import { enlarge } from '../study/study.js';

const prose = document.querySelector('[data-diagrams]');
const { diagrams: address, diagramTitle, diagramSource, diagramFailed } = prose.dataset;

const figures = []; // a diagram's id is its index; its source until it is drawn
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

for (const code of prose.querySelectorAll('pre > code.language-mermaid')) {
  figures.push(code.parentElement);
  near.observe(code.parentElement);
}

function ask(id) {
  asked.add(id);
  if (!frame) openFrame();
  if (ready) send(id);
}

function openFrame() {
  frame?.remove();
  ready = false;
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
  const source = figures[id].querySelector('code').textContent;
  frame.contentWindow.postMessage({ id, source }, '*');
}

addEventListener('message', (event) => {
  if (event.source !== frame?.contentWindow) return;
  const { id, svg, failure } = event.data;
  if (event.data.ready) {
    ready = true;
    asked.forEach(send);
  } else if (svg) {
    show(figureOf(id), svg);
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

// show puts a picture in the place of a diagram's source, which stays at hand
// below it.
function show(figure, svg) {
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
    button.onclick = () => enlarge(picture);
    figure.replaceChildren(button, details);
  }
  picture.classList.toggle('dark', isDark());
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

function tell(figure, failure) {
  if (figure.querySelector('.failure')) return;
  const note = document.createElement('p');
  note.className = 'failure';
  note.textContent = `${diagramFailed} ${failure}`;
  figure.append(note);
}

const system = matchMedia('(prefers-color-scheme: dark)');

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme ? theme === 'dark' : system.matches;
}

function redraw() {
  if (frame) openFrame();
}

document.addEventListener('themechange', redraw);
system.addEventListener('change', redraw);
