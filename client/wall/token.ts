/** A wall's token comes in the fragment, and is kept so that the fragment may be lost. */
const KEY = 'noso.wall';

export function readToken(): string | null {
  const fragment = decodeURIComponent(location.hash.slice(1));
  if (fragment !== '') {
    keepToken(fragment);
    return fragment;
  }
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // A kiosk may forbid storage: then the fragment is all there is.
  }
}

export function keepToken(token: string): void {
  try {
    localStorage.setItem(KEY, token);
  } catch {
    // As above.
  }
}
