import { iso } from './instants.js';
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

const two = (n: number) => String(Math.trunc(n)).padStart(2, '0');

/** An instant as a clock in `timeZone` has it: "2026-11-29T14:30:00+01:00"; UTC's where nobody can tell. */
export function localIso(timeZone: string, at: number): string {
  const offset = utcOffset(timeZone, at) ?? 0;
  const far = Math.abs(offset);
  const zone = `${offset < 0 ? '-' : '+'}${two(far / 60)}:${two(far % 60)}`;
  return iso(at + offset * 60_000).replace(/\.\d+Z$/, zone);
}
