/** A page of another version than the server's is loaded anew, when nobody sees it. */
const TRIED = 'noso.wall.tried';
/** If it was of no use, it is tried again after so long (ms). */
const AGAIN = 10 * 60_000;

/** Loads the page anew for that version, unless that was tried a moment ago. */
export function renew(version: string): void {
  try {
    const [tried, at] = (sessionStorage.getItem(TRIED) ?? '').split(' ');
    if (tried === version && Date.now() - Number(at) < AGAIN) return;
    sessionStorage.setItem(TRIED, `${version} ${Date.now()}`);
  } catch {
    return; // Without a memory it might go on for ever.
  }
  location.reload();
}

/** On https, and on this machine itself, the page is there when the server is not. */
export function keepShell(): void {
  if (!('serviceWorker' in navigator)) return;
  const shell = '/assets/wall/shell.page.js';
  navigator.serviceWorker.register(shell, { scope: '/wall' }).catch(() => {
    // Refused, as in a private window: then the page is as good as the line.
  });
}
