// copy puts a text on the clipboard, also where scripts get none: over plain
// http from another machine.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = Object.assign(document.createElement('textarea'), { value: text });
    const focused = document.activeElement;
    focused.after(field);
    field.select();
    document.execCommand('copy');
    field.remove();
    focused.focus();
  }
}
