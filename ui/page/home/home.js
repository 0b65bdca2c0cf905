// Whoever comes back sees how far they are, not the page as they left it.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
