// Draws the diagrams that the lesson sends, and sends the pictures back.

/* global mermaid */

const dark = new URLSearchParams(location.search).has('dark');
mermaid.initialize({
  startOnLoad: false,
  securityLevel: 'strict',
  theme: dark ? 'dark' : 'neutral',
  fontFamily: 'system-ui, sans-serif',
  htmlLabels: false,
  flowchart: { htmlLabels: false },
});

addEventListener('message', async (event) => {
  if (event.source !== parent) return;
  const { id, source } = event.data;
  try {
    const { svg } = await mermaid.render(`diagram-${id}`, source);
    parent.postMessage({ id, drawing: alone(svg) }, '*');
  } catch (failure) {
    parent.postMessage({ id, failure: String(failure.message ?? failure) }, '*');
  }
});

// alone makes a drawing stand alone: well-formed, and with a size of its own, in
// pixels.
function alone(svg) {
  const drawing = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
  const width = Math.ceil(drawing.viewBox.baseVal.width);
  const height = Math.ceil(drawing.viewBox.baseVal.height);
  drawing.setAttribute('width', width);
  drawing.setAttribute('height', height);
  return { svg: new XMLSerializer().serializeToString(drawing), width, height };
}

parent.postMessage({ ready: true }, '*');
