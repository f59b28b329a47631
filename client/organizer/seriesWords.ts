// What a series' rule and its evenings are in words.
import type { Zone } from '../../src/service/words.js';
import type { Desk } from './consoleDesk.js';
import { nthOf, REPEATS, type Repeat, repeatOf } from './model/repeating.js';
import { hourIn, localIn } from './model/zoneTime.js';
import { dateInProse, weekdayOf } from './venueTime.js';

/** How often, by what begins on `date`: "every third Saturday of the month". */
function repeatInWords({ w, t, code }: Desk, repeat: Repeat, date: string): string {
  const weekday = weekdayOf(code, date);
  const { monthly, nth } = w.series;
  switch (repeat) {
    case 'weekly':
    case 'fortnight':
      return w.series[repeat];
    case 'monthly':
      return t(monthly, { nth: nth[nthOf(date)], weekday });
    case 'last':
      return t(monthly, { nth: nth.last, weekday });
  }
}

/** What the form offers for what begins on `date`; `current` is always among it. */
export function repeatChoices(desk: Desk, date: string, current: string) {
  const fits = REPEATS.filter(
    (repeat) => repeat === current || repeat !== 'last' || nthOf(date) !== 'last',
  );
  const known = fits.map((value) => ({ value, label: repeatInWords(desk, value, date) }));
  const own = current === '' || REPEATS.some((each) => each === current);
  return own ? known : [...known, { value: current, label: current }];
}

/** A rule in words; one that the form does not offer, as it is. */
export function ruleInWords(desk: Desk, rule: string, date: string): string {
  const { repeat } = repeatOf(rule, date);
  const known = REPEATS.find((each) => each === repeat);
  if (!known) return rule;
  const said = repeatInWords(desk, known, date);
  if (known === 'monthly' || known === 'last') return said;
  const day = desk.t(desk.w.series.onDay, { weekday: weekdayOf(desk.code, date) });
  return desk.t(desk.w.series.said, { rule: said, day });
}

/** From when an evening was moved: the hour, and the day where that is another. */
export function movedFrom(desk: Desk, zone: Zone, planned: number, at: number): string {
  const { w, t } = desk;
  const hour = hourIn(zone, planned);
  const sameDay = localIn(zone, planned).date === localIn(zone, at).date;
  const when = sameDay ? hour : t(w.days.andHour, { day: dateInProse(desk, zone, planned), hour });
  return t(w.series.moved, { when });
}
