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
    parent.postMessage({ id, svg: picture(svg) }, '*');
  } catch (failure) {
    parent.postMessage({ id, failure: String(failure.message ?? failure) }, '*');
  }
});

// picture makes a drawing stand alone: well-formed, and with a size of its own.
function picture(svg) {
  const drawing = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
  const { width, height } = drawing.viewBox.baseVal;
  drawing.setAttribute('width', Math.ceil(width));
  drawing.setAttribute('height', Math.ceil(height));
  return new XMLSerializer().serializeToString(drawing);
}

parent.postMessage({ ready: true }, '*');
