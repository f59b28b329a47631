// How often a series comes again, as the form has it and as a rule of RFC 5545 says it.

/** What the form offers; anything else is a rule that was made elsewhere, kept as it is. */
export const REPEATS = ['weekly', 'fortnight', 'monthly', 'last'] as const;
export type Repeat = (typeof REPEATS)[number];
export const NTHS = ['first', 'second', 'third', 'fourth', 'last'] as const;
export type Nth = (typeof NTHS)[number];

const DAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const UNTIL = /;UNTIL=(\d{4})(\d\d)(\d\d)[^;]*/;

const dayOf = (date: string) => DAYS[new Date(`${date}T12:00:00Z`).getUTCDay()] ?? '';

/** Which weekday of its month a date is; a fifth is the last. */
export const nthOf = (date: string): Nth =>
  NTHS[Math.min(4, Math.ceil(Number(date.slice(8)) / 7) - 1)] ?? 'last';

/** `nth`: of which weekday, for what comes once a month. */
function baseOf(repeat: string, date: string): string {
  const nth = repeat === 'last' ? 'last' : nthOf(date);
  switch (repeat) {
    case 'weekly':
      return 'FREQ=WEEKLY';
    case 'fortnight':
      return 'FREQ=WEEKLY;INTERVAL=2';
    case 'monthly':
    case 'last':
      return `FREQ=MONTHLY;BYDAY=${nth === 'last' ? -1 : NTHS.indexOf(nth) + 1}${dayOf(date)}`;
    default:
      return repeat;
  }
}

/** The rule that begins on `date` (of the venue) and ends with `until`, where there is an end. */
export function ruleOf(repeat: string, date: string, until: string): string {
  const base = baseOf(repeat, date).replace(UNTIL, '');
  return until === '' ? base : `${base};UNTIL=${until.replace(/-/g, '')}`;
}

/** What the form shows of a rule that begins on `date`. */
export function repeatOf(rule: string, date: string): { repeat: string; until: string } {
  const [, y, m, d] = UNTIL.exec(rule) ?? [];
  const base = rule.replace(UNTIL, '');
  const known = REPEATS.find((repeat) => baseOf(repeat, date) === base);
  return { repeat: known ?? base, until: y ? `${y}-${m}-${d}` : '' };
}
