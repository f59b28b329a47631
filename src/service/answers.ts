import { z } from 'zod';
import { ERRORS } from '../domain/errors.js';
import type {
  Closed,
  Code,
  ConsoleCount,
  Count,
  DoorCount,
  DoorInfo,
  EntryPass,
  Evening,
  Identify,
  Noso,
  NosoRecord,
  Numbers,
  OrganizerInfo,
  PaperInfo,
  Seat,
  Series,
  Venue,
  WaitingScreen,
} from '../protocol/wire.js';

/**
 * What the server answers and sends, as schemas for whoever generates a client. Whatever does not fit
 * the wire's types does not compile. Fields are added as time goes by, so every object may hold more.
 */
const text = z.string();
const when = z.iso.datetime();
const count = z.int().min(0);
const ms = z.number();
const maybe = text.exactOptional();

const venue = z.looseObject({
  id: text,
  name: text,
  city: text,
  country: maybe,
  timeZone: text,
  address: maybe,
  language: text,
}) satisfies z.ZodType<Venue>;

const noso = z.looseObject({
  id: text,
  venue,
  title: text,
  startsAt: when,
  endsAt: when,
  state: z.enum(['scheduled', 'open', 'closed', 'cancelled']),
  capacity: count.nullable(),
  entry: z.enum(['code', 'link']),
  show: z.enum(['numbers', 'count']),
  pocket: z.number().nullable(),
  veil: z.number(),
  opens: z.enum(['organizer', 'schedule']),
  gather: count.exactOptional(),
  series: maybe,
  intents: count.exactOptional(),
  count: count.nullable(),
  openedAt: when.exactOptional(),
  about: count.nullable().exactOptional(),
}) satisfies z.ZodType<Noso>;

const series = z.looseObject({
  id: text,
  venue: text,
  title: text,
  rule: text,
  startsAt: when,
  minutes: count,
  capacity: count.nullable(),
  entry: z.enum(['code', 'link']),
  show: z.enum(['numbers', 'count']),
  pocket: z.number().nullable(),
  veil: z.number(),
  gather: count,
  opens: z.enum(['organizer', 'schedule']),
}) satisfies z.ZodType<Series>;
const evening = z.looseObject({
  date: z.iso.date(),
  startsAt: when,
  noso: maybe,
  follows: z.boolean(),
}) satisfies z.ZodType<Evening>;

const seat = z.looseObject({
  noso: text,
  number: text,
  pass: text,
  since: when,
  endsAt: when,
  serverTime: ms,
  returnCode: text,
}) satisfies z.ZodType<Seat>;

const code = z.looseObject({ code: text, url: text, validUntil: when }) satisfies z.ZodType<Code>;

const counts = z.array(z.looseObject({ at: when, count }));
const record = z.looseObject({
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
}) satisfies z.ZodType<NosoRecord>;

const pass = z.looseObject({
  pass: text,
  expiresAt: when,
  noso,
}) satisfies z.ZodType<EntryPass>;
const waiting = z.looseObject({
  code: text,
  secret: text,
  expiresAt: when,
}) satisfies z.ZodType<WaitingScreen>;
const organizer = z.looseObject({
  id: text,
  label: text,
  createdAt: when,
}) satisfies z.ZodType<OrganizerInfo>;
const door = z.looseObject({
  id: text,
  name: text,
  seated: count,
  lastSeen: when.nullable(),
}) satisfies z.ZodType<DoorInfo>;
const paper = z.looseObject({ number: text, seated: z.boolean() }) satisfies z.ZodType<PaperInfo>;
const wall = z.looseObject({
  id: text,
  name: text,
  lastBeat: when.nullable(),
  diagonal: z.number().nullable(),
  distance: z.number().nullable(),
});

const problem = z.looseObject({
  type: text,
  title: text,
  status: z.int(),
  code: z.enum(Object.keys(ERRORS) as (keyof typeof ERRORS)[]),
  reason: maybe,
  detail: maybe,
  retryAfter: z.number().exactOptional(),
});

const snapshot = z.looseObject({
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
});
const closed = z.looseObject({
  noso: text,
  reason: z.enum(['closed', 'cancelled', 'left', 'lapsed', 'voided', 'elsewhere']),
}) satisfies z.ZodType<Closed>;

/** By the names that they have in the documents. */
export const SCHEMAS = {
  Venue: venue,
  Noso: noso,
  Series: series,
  Evening: evening,
  Seat: seat,
  Code: code,
  Record: record,
  EntryPass: pass,
  WaitingScreen: waiting,
  OrganizerInfo: organizer,
  DoorInfo: door,
  PaperInfo: paper,
  WallInfo: wall,
  Problem: problem,
  Snapshot: snapshot,
  Closed: closed,
  Entered: z.looseObject({ token: text, seat }),
  Drawn: z.looseObject({ number: text, token: text }),
  Key: z.looseObject({ id: text, url: text, token: text }),
  Count: z.looseObject({
    epoch: count,
    seq: count,
    count,
    serverTime: ms,
  }) satisfies z.ZodType<Count>,
  Numbers: z.looseObject({
    epoch: count,
    from: count,
    seq: count,
    seated: z.array(text),
    gone: z.array(text),
  }) satisfies z.ZodType<Numbers>,
  Identify: z.looseObject({ until: ms }) satisfies z.ZodType<Identify>,
  Programme: z.looseObject({ nosos: z.array(noso), serverTime: ms }),
  ConsoleCount: z.looseObject({
    noso: text,
    epoch: count,
    seq: count,
    count,
    peak: count,
  }) satisfies z.ZodType<ConsoleCount>,
  DoorCount: z.looseObject({
    noso: text,
    epoch: count,
    seq: count,
    count,
    capacity: count.nullable(),
    here: count,
  }) satisfies z.ZodType<DoorCount>,
  DoorClosed: z.looseObject({ noso: text, reason: z.enum(['closed', 'revoked']) }),
};
export type SchemaName = keyof typeof SCHEMAS;

/** The version of the contract that the documents say. */
export const CONTRACT = '2.0.0';

export type JsonSchema = Record<string, unknown>;

/** What a parser takes, as JSON Schema; what of it cannot be said is left out. */
export function taken(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest as JsonSchema;
}

/** All that is answered or sent, under their names. */
export const given = (): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, taken(schema)]));

/** A reference into a document's components. */
export const refTo = (name: SchemaName): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

export const listOf = (field: string, name: SchemaName): JsonSchema => ({
  type: 'object',
  required: [field],
  properties: { [field]: { type: 'array', items: refTo(name) }, next: { type: 'string' } },
});
