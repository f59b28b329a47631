// A NoSo at each point of its life, for tests of what becomes of it.
import fc from 'fast-check';
import { Refusal } from '../../src/domain/errors.js';
import {
  decide,
  type Facts,
  type Lifecycle,
  type Noso,
  type NosoCommand,
} from '../../src/domain/noso.js';
import type { Totals } from '../../src/domain/record.js';

export const T0 = 1_800_000_000_000;
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const TOTALS: Totals = { peak: 3, total: 4, personMinutes: 5, series: [] };

export const lives: Record<Lifecycle['is'], Lifecycle> = {
  scheduled: { is: 'scheduled' },
  open: { is: 'open', openedAt: T0, effectiveAt: T0, digits: 6 },
  closed: {
    is: 'closed',
    openedAt: T0,
    beganAt: T0,
    closedAt: T0 + HOUR,
    effectiveAt: T0,
    totals: TOTALS,
  },
  cancelled: { is: 'cancelled', cancelledAt: T0, effectiveAt: T0 },
};

export const noso = (over: Partial<Noso> = {}): Noso => ({
  id: 'n',
  venue: 'v',
  title: 'One quiet hour',
  startsAt: T0,
  endsAt: T0 + HOUR,
  capacity: null,
  entry: 'code',
  show: 'numbers',
  pocket: null,
  veil: 5,
  opens: 'organizer',
  gather: 0,
  life: lives.scheduled,
  ...over,
});

export const facts = (over: Partial<Facts> = {}): Facts => ({
  now: T0 + MINUTE,
  openAtVenue: null,
  drawn: 0,
  intents: 0,
  count: 0,
  totals: () => TOTALS,
  ...over,
});

/** What a command comes to: the state it leads to, or the code of its refusal. */
export function outcome(of: Noso, command: NosoCommand, given: Facts): string {
  try {
    return decide(of, command, given).life.is;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}

export const states = Object.keys(lives) as Lifecycle['is'][];

export const plans = fc
  .record({
    startsAt: fc.integer({ min: T0 - 30 * HOUR, max: T0 + 30 * HOUR }),
    minutes: fc.integer({ min: 1, max: 24 * 60 }),
    opens: fc.constantFrom('organizer' as const, 'schedule' as const),
    is: fc.constantFrom(...states),
    closedFor: fc.nat(20 * MINUTE),
  })
  .map(({ startsAt, minutes, opens, is, closedFor }) => {
    const life = is === 'closed' ? { ...lives.closed, closedAt: T0 - closedFor } : lives[is];
    return noso({ startsAt, endsAt: startsAt + minutes * MINUTE, opens, life: life as Lifecycle });
  });
