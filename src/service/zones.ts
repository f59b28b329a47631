import { remembered } from './words.js';

const clocks = remembered(
  (timeZone) => new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' }),
);

/** Minutes east of UTC in `timeZone` at `at` (ms); undefined where this machine cannot tell. */
export function utcOffset(timeZone: string, at: number): number | undefined {
  try {
    const parts = clocks(timeZone).formatToParts(at);
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, h, m] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(h ?? 0) * 60 + Number(m ?? 0));
  } catch {
    return undefined; // a zone, or a date, that Intl knows nothing of: nothing is what is said
  }
}
