// onScroll calls back once a frame while the page scrolls or changes size, and
// once at the start.
export function onScroll(callback) {
  let waiting = false;
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      callback();
    });
  };
  addEventListener('scroll', later, { passive: true });
  addEventListener('resize', later, { passive: true });
  callback();
}

// keepInView scrolls a box, and nothing around it, until an element in it shows.
export function keepInView(box, element) {
  const inner = element.getBoundingClientRect();
  const outer = box.getBoundingClientRect();
  if (inner.top < outer.top) {
    box.scrollTop -= outer.top - inner.top + outer.height / 3;
  } else if (inner.bottom > outer.bottom) {
    box.scrollTop += inner.bottom - outer.bottom + outer.height / 3;
  }
}
