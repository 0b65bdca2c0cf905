// load returns the document at an address. The page's policy lets no string
// become elements, so the browser reads it as it reads a page.
export function load(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', address);
    request.responseType = 'document';
    request.onload = () => request.status === 200 && request.response ? resolve(request.response) : reject(request);
    request.onerror = () => reject(request);
    request.send();
  });
}
