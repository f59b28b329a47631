import { NUMBERS } from '../../src/protocol/bounds.js';
import type { Desk } from './consoleDesk.js';
import type { Checks } from './form.js';
import { type PlanField, type PlanValues, spanOf } from './model/planValues.js';
import { whole } from './model/whole.js';
import { instantIn, isZone } from './model/zoneTime.js';

/** In minutes, as the form has it. */
const SHORTEST_POCKET = NUMBERS.pocket.least / 60;

/** `zoneOf`: of the venue of that id. How far ahead one may plan is the server's to say. */
export function planChecks(
  { w, t, store }: Desk,
  zoneOf: (venue: string) => string,
): Checks<PlanField> {
  const { problems } = w;
  const none = null;
  const isDay = ({ startsAt, venue }: PlanValues) =>
    instantIn(zoneOf(venue), startsAt, '12:00') !== null;
  const from = (values: PlanValues) => spanOf(values, zoneOf(values.venue)).from;
  return {
    title: ({ title }) => (title ? none : problems.title),
    venue: ({ venue }) =>
      isZone(zoneOf(venue)) ? none : t(w.undrawn.zone, { zone: zoneOf(venue) }),
    // A day that has no noon is none, whatever its digits: the year 26 is one that nobody means.
    startsAt: (values) => (isDay(values) ? none : problems.day),
    hour: (values) => {
      if (!/^\d\d:\d\d/.test(values.hour)) return problems.hour;
      return isDay(values) && from(values) === null ? problems.noSuchHour : none;
    },
    endsAt: (values) => {
      const length = whole(values.endsAt);
      if (length === null || length < NUMBERS.minutes.least || length > NUMBERS.minutes.most)
        return problems.length;
      const { to } = spanOf(values, zoneOf(values.venue));
      return to !== null && to <= store.now() ? problems.endPast : none;
    },
    // Days are written so that their letters are in order.
    until: ({ rule, until, startsAt }) =>
      rule !== '' && until !== '' && until < startsAt ? problems.untilBefore : none,
    capacity: ({ capacity }) =>
      capacity !== '' && (whole(capacity) ?? 0) < NUMBERS.capacity.least
        ? problems.capacityShape
        : none,
    pocket: ({ pocket }) =>
      pocket !== '' && (whole(pocket) ?? 0) < SHORTEST_POCKET ? problems.pocket : none,
    gather: ({ gather }) =>
      (whole(gather) ?? Infinity) > NUMBERS.gather.most ? problems.gather : none,
    veil: ({ veil }) => ((whole(veil) ?? Infinity) > NUMBERS.veil.most ? problems.veil : none),
  };
}
