// The parser waits for this script, and it for the styles: browsers may else
// lay out thousands of lines bare, and then again as they are to look.

// A preference in the address was remembered by the server; the address need
// not keep it.
{
  const address = new URL(location.href);
  if (address.searchParams.has('lang') && address.pathname !== '/search' || address.searchParams.has('theme')) {
    address.searchParams.delete('theme');
    if (address.pathname !== '/search') address.searchParams.delete('lang');
    history.replaceState(history.state, '', address);
  }
}
