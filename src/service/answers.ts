import { ERRORS, type Reason } from '../domain/errors.js';
import * as z from './carried/zod.js';

/*
 * What the server answers over HTTP, as schemas for whoever generates a client. contract.ts holds them
 * to the wire's types, in both directions. Fields are added as time goes by, so no object is closed.
 */
export const text = z.string();
export const when = z.iso.datetime();
export const count = z.int().min(0);
export const ms = z.number();
export const maybe = text.exactOptional();
const measure = z.number().optional();

export const venue = z.object({
  id: text,
  name: text,
  city: text,
  country: maybe,
  timeZone: text,
  utcOffset: z.number().exactOptional(),
  address: maybe,
  language: text,
});

/** What NoSos have that recur, and those that do not. */
const planned = {
  id: text,
  title: text,
  startsAt: when,
  capacity: count.nullable(),
  entry: z.enum(['code', 'link']),
  show: z.enum(['numbers', 'count']),
  pocket: z.number().nullable(),
  veil: z.number(),
  opens: z.enum(['organizer', 'schedule']),
};

export const noso = z.object({
  ...planned,
  venue,
  endsAt: when,
  state: z.enum(['scheduled', 'open', 'closed', 'cancelled']),
  gather: z.number().exactOptional(),
  series: maybe,
  intents: count.exactOptional(),

  count: count.nullable(),
  openedAt: when.exactOptional(),
  about: count.nullable().exactOptional(),
});

const series = z.object({
  ...planned,
  venue: text,
  rule: text,
  minutes: z.number(),
  gather: z.number(),
});

const evening = z.object({ date: z.iso.date(), startsAt: when, noso: maybe, follows: z.boolean() });
const evenings = z.array(evening);

export const seat = z.object({
  noso: text,
  number: text,
  pass: text,
  since: when,
  endsAt: when,
  serverTime: ms,
  returnCode: text,
});

export const code = z.object({ code: text, url: text, validUntil: when });

const counts = z.array(z.object({ at: when, count }));
const record = z.object({
  noso: text,
  openedAt: when,
  beganAt: when,
  closedAt: when.nullable(),
  peak: count,
  total: count,
  personMinutes: count,
  series: counts,
  byHand: count,
  headcounts: counts,
});

const wall = z.object({
  id: text,
  name: text,
  lastBeat: when.nullable(),
  diagonal: z.number().nullable(),
  distance: z.number().nullable(),
  version: text.optional(),
  width: measure,
  height: measure,
  zoom: measure,
  earlier: z.literal(true).exactOptional(),
  shows: text.optional(),
});

/** Why, and in how many seconds again. Reasons are added as time goes by, so to clients one is a text. */
const grounds = {
  code: z.enum(Object.keys(ERRORS) as (keyof typeof ERRORS)[]),
  reason: (text as unknown as z.ZodType<Reason>).exactOptional(),
  retryAfter: z.number().exactOptional(),
};
export const failure = z.object({ ok: z.literal(false), ...grounds });
const refused = z.object({ ...grounds, detail: maybe });
const problem = z
  .object({ ...refused.shape, type: z.literal('about:blank'), title: text, status: z.int() })
  .catchall(z.unknown());

export const snapshot = z.object({
  venue,
  noso: noso.nullable(),
  epoch: count,
  seq: count,
  count,
  numbersSeq: count,
  numbers: z.array(text).nullable(),
  code: code.nullable(),
  effectiveAt: ms,
  serverTime: ms,
  page: text.nullable().exactOptional(),
  version: maybe,
  wall: z
    .object({
      name: text,
      diagonal: z.number().nullable(),
      distance: z.number().nullable(),
      walls: count.exactOptional(),
    })
    .exactOptional(),
});
const { numbers, code: shown, ...rest } = snapshot.shape;
const glance = z.object({
  ...rest,
  numbers: numbers.exactOptional(),
  code: shown.exactOptional(),
});

const organizer = z.object({ id: text, label: text, createdAt: when });
const door = z.object({ id: text, name: text, seated: count, lastSeen: when.nullable() });
const key = z.object({ id: text, url: text, token: text });
const city = { city: text, country: maybe };

/** By the names that they have in the documents. */
export const ANSWERS = {
  Venue: venue,
  Venues: z.object({ venues: z.array(venue) }),
  Noso: noso,
  Nosos: z.object({ nosos: z.array(noso), next: maybe }),
  Series: series,
  OneSeries: series.extend({ evenings }),
  Evenings: z.object({ evenings }),
  AllSeries: z.object({ series: z.array(series) }),
  Planned: z.object({ id: text, nosos: z.array(noso) }),
  Seat: seat,
  Entered: z.object({ token: text, seat, keeps: z.boolean().exactOptional() }),
  EntryPass: z.object({ pass: text, expiresAt: when, noso }),
  Drawn: z.object({ number: text, token: text }),
  Intended: z.object({ noso: text, number: text }),
  Code: code,
  Record: record,
  Records: z.object({ records: z.array(record), next: maybe }),
  Counted: z.object({ at: when, count }),
  TakenBack: z.object({ freed: count, until: when }),
  Key: key,
  WaitingScreen: z.object({ code: text, secret: text, expiresAt: when }),
  Paired: z.object({ id: text, token: text }),
  HungWall: z.object({ id: text, url: maybe, token: maybe }),
  WallInfo: wall,
  Walls: z.object({ walls: z.array(wall) }),
  Snapshot: snapshot,
  Glance: glance,
  Doors: z.object({ doors: z.array(door) }),
  DoorAnswer: z.object({
    results: z.array(
      z.union([
        z.object({ id: text, ok: z.literal(true), number: maybe }),
        failure.extend({ id: text }),
      ]),
    ),
    noso,
    epoch: count,
    seq: count,
    count,
    here: count,
  }),
  PaperDrawn: z.object({ numbers: z.array(text) }),
  Paper: z.object({ paper: z.array(z.object({ number: text, seated: z.boolean() })) }),
  PaperSeated: z.object({ number: text }),
  Cities: z.object({
    cities: z.array(z.object({ ...city, nosos: count })),
    asked: z.array(z.object({ ...city, count })).exactOptional(),
  }),
  SignedIn: z.object({ id: text, role: z.enum(['organizer', 'owner']), label: text }),
  OrganizerInfo: organizer,
  Organizers: z.object({ organizers: z.array(organizer) }),
  File: z.string(),
  Problem: problem,
  Refused: refused,
};
