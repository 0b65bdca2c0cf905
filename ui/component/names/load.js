// load returns the document at an address, or the answer to a form that is sent
// there with a button of it, null when there is nothing to show. The page's
// policy lets no string become elements, so the browser reads it as it reads a
// page.
export function load(address, form, button) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(form ? 'POST' : 'GET', address);
    request.setRequestHeader('Prefer', 'return=minimal');
    request.responseType = 'document';
    request.onload = () => request.status < 300 ? resolve(request.response) : reject(request);
    request.onerror = () => reject(request);
    request.send(form && new URLSearchParams(new FormData(form, button)));
  });
}
