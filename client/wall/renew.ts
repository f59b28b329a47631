/** A page of another version than the server's is loaded anew, when nobody sees it. */

/** If it was of no use, it is tried again after so long (ms). */
const AGAIN = 10 * 60_000;

type Tried = { tried?: string; at?: number; dark?: boolean } | null;

/**
 * Loads the page anew for that version, unless that was tried a moment ago. It is asked for first:
 * over plain http a server that has just gone would leave the browser's own page of errors, and of
 * several servers another may answer, which is still of the former version. `may`: asked again once
 * it is there. `dark`: the screen is black, and stays so meanwhile.
 */
export async function renew(version: string, dark: boolean, may: () => boolean): Promise<void> {
  // Kept with this page's place in the history: some screens forbid storage.
  const last = history.state as Tried;
  if (last?.tried === version && Math.abs(Date.now() - Number(last.at)) < AGAIN) return;
  history.replaceState({ tried: version, at: Date.now(), dark } satisfies Tried, '');
  try {
    const page = await fetch(location.pathname, { cache: 'no-store', credentials: 'same-origin' });
    const isThat = page.ok && (await page.text()).includes(`"version":"${version}"`);
    if (isThat && may()) location.reload();
  } catch {
    // Away again.
  }
}

/** Whether this page was loaded anew in the black. */
export function cameDark(): boolean {
  const last = history.state as Tried;
  if (!last?.dark) return false;
  history.replaceState({ ...last, dark: false } satisfies Tried, '');
  return true;
}

/** On https, and on this machine itself, the page is there when the server is not. */
export function keepShell(): void {
  if (!('serviceWorker' in navigator)) return;
  const shell = '/assets/wall/shell.page.js';
  navigator.serviceWorker.register(shell, { scope: '/wall' }).catch(() => {
    // Refused, as in a private window: then the page is as good as the line.
  });
}
