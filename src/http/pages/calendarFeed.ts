import type { PagesDeps } from './pagesDeps.js';

/** Whose NoSos; all where nothing is said. */
type Whose = { city: string } | { venue: string } | Record<never, never>;

/** A calendar to subscribe to: calendars know `webcal:`, whatever it comes over. */
export function feed({ publicUrl }: Pick<PagesDeps, 'publicUrl'>, whose: Whose = {}): string {
  const query = new URLSearchParams(whose).toString();
  const path = `/api/calendar.ics${query && `?${query}`}`;
  return publicUrl().replace(/^https?:/, 'webcal:') + path;
}
