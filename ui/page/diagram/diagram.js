// Draws what the lesson sends, and says how much room it took.

/* global mermaid */

const drawing = document.getElementById('drawing');
let drawn = 0;

addEventListener('message', async (event) => {
  if (event.source !== parent) return;
  const { source, dark } = event.data;
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: dark ? 'dark' : 'neutral', fontFamily: 'system-ui, sans-serif' });
  try {
    drawn += 1;
    const { svg } = await mermaid.render(`diagram-${drawn}`, source);
    const parsed = new DOMParser().parseFromString(svg, 'text/html');
    drawing.replaceChildren(...parsed.body.childNodes);
    say({ height: Math.ceil(drawing.getBoundingClientRect().height) });
  } catch (failure) {
    say({ failure: String(failure) });
  }
});

function say(message) {
  parent.postMessage(message, '*');
}

say({ ready: true });
