// A drawing alone on the screen: its buttons, + and -, and the wheel with Ctrl
// make it larger and smaller; dragging, scrolling and the arrows move it.

const dialog = document.getElementById('zoom');
const stage = dialog.querySelector('.stage');
let shown = null;
let scale = 1;

export function zoom(what) {
  shown = what.cloneNode(true);
  stage.replaceChildren(shown);
  dialog.showModal();
  stage.focus();
  set(0);
}

// set multiplies the size, or fits the drawing to the screen.
function set(by) {
  if (!by) {
    shown.style.zoom = 1;
    by = Math.min(stage.clientWidth / shown.offsetWidth, stage.clientHeight / shown.offsetHeight, 4) * 0.96;
    scale = 1;
  }
  scale = Math.min(Math.max(scale * by, 0.2), 8);
  shown.style.zoom = scale;
}

dialog.onclick = ({ target }) => {
  if (target.value) set(Number(target.value));
};
dialog.onkeydown = ({ key }) => {
  const by = { '+': 1.25, '-': 0.8, 0: 0 }[key];
  if (by !== undefined) set(by);
};
stage.addEventListener('wheel', (event) => {
  if (!event.ctrlKey) return;
  event.preventDefault();
  set(event.deltaY < 0 ? 1.1 : 0.9);
}, { passive: false });
stage.onpointermove = (event) => {
  if (event.buttons && event.pointerType === 'mouse') stage.scrollBy(-event.movementX, -event.movementY);
};
