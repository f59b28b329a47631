import type { Served } from '../shared/foreign.js';

/** What the server says in the page of itself: its version, and by which address it goes. */
export type About = Served & { version?: string | undefined };

/** The same as the server says it now, or null if it does not answer. Never throws. */
export async function askAbout(): Promise<About | null> {
  try {
    const answer = await fetch(location.pathname, { cache: 'no-store' });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const about = page.getElementById('about');
    return answer.ok && about ? (JSON.parse(about.textContent ?? '') as About) : null;
  } catch {
    return null; // away, or another server's page
  }
}
