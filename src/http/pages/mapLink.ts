import type { Place } from '../../service/desk.js';
import { type Html, html } from './html.js';

/** Whose own maps hear `maps:`, and not `geo:` (RFC 5870). */
const APPLE = /iPhone|iPad|iPod|Macintosh/;

/**
 * An address as a link that the reader's own maps open; no third party hears of it. Which of two
 * schemes goes by `agent` (a User-Agent header), of which nothing is kept.
 */
export function mapLink(venue: Place['venue'], address: string, agent: string | undefined): Html {
  const inCity = address.toLowerCase().includes(venue.city.toLowerCase());
  const rest = [inCity ? null : venue.city, venue.country].filter(Boolean);
  const query = encodeURIComponent([address, ...rest].join(', '));
  const href = APPLE.test(agent ?? '') ? `maps:?q=${query}` : `geo:0,0?q=${query}`;
  return html`<a href="${href}">${address}</a>`;
}
