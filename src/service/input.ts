import { Refusal } from '../domain/errors.js';
import { NUMBERS, STANDS, TEXTS } from '../protocol/bounds.js';
import type { Namespaces, ScreenSize } from '../protocol/wire.js';
import * as z from './carried/zod.js';

/**
 * What may come in, parsed once at the edge. Fields that we do not know are refused from
 * participants (S1) and dropped elsewhere.
 */

/**
 * Controls, halves of a character, and what turns the direction of the text around it. Whatever else
 * people write is theirs to write: joiners of emoji and of Persian, soft hyphens.
 */
const REFUSED = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u;
const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .refine((text) => !REFUSED.test(text), 'must not contain controls or overrides of direction');
const whole = ({ least, most }: { least: number; most: number }) => z.int().min(least).max(most);
const id = z.string().min(1).max(40);
const token = z.string().min(1).max(1024);
const time = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .refine((ms) => Number.isSafeInteger(ms), 'must be a time');

const timeZone = z
  .string()
  .max(TEXTS.timeZone)
  .refine((name) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
      return true;
    } catch {
      return false; // the only way to ask Intl whether it knows a zone
    }
  }, 'must be an IANA time zone');

export const newPass = z.strictObject({ code: z.string().min(1).max(64) });
/** For a pass, or beforehand for a scheduled NoSo. */
export const newNumber = z.union([
  z.strictObject({ pass: token, keep: z.boolean().optional() }),
  z.strictObject({ noso: id }),
]);
const code = z.string().min(1).max(64);
const ownId = z.string().regex(/^[\w-]{16,64}$/, '16 to 64 of A-Z a-z 0-9 - _');
/** Back to a seat in another browser. */
export const newReturn = z.strictObject({
  pass: token.optional(),
  number: z.string().regex(/^[1-9][0-9]{3,14}$/, 'must be a number'),
  returnCode: code,
});
export const newVoid = z.object({ since: time, until: time.optional() });
export const newPaper = z.object({ count: whole(NUMBERS.paper) });
export const newDoor = z.object({ name: line(TEXTS.wall).optional() });
export const doorClicks = z.object({
  clicks: z
    .array(
      z.object({
        id: ownId,
        what: z.enum(['in', 'out', 'undo']),
        at: time,
        number: z.string().max(16).optional(),
        of: ownId.optional(),
      }),
    )
    .max(100),
});
export const newHeadcount = z.object({ count: whole(NUMBERS.headcount) });

/** The whole way in: by a pass, or by a code. */
export const newSeat = z.union([
  z.strictObject({ pass: token, keep: z.boolean().optional() }),
  z.strictObject({ code, id: ownId.optional(), keep: z.boolean().optional() }),
]);
export const takeSeat = z.strictObject({ pass: token, back: z.boolean().optional() });

/** `/phone`'s handshake: a pass, or a code, or (with cookies of our own origin) nothing. */
const phoneAuth = z.union([
  z.strictObject({
    token: token.optional(),
    pass: token.optional(),
    back: z.boolean().optional(),
  }),
  z.strictObject({ token: token.optional(), code: z.string().min(1).max(64) }),
]);
const tokenAuth = z.object({ token: token.optional() });

/** What a screen says of itself is worth a line in the console: what is odd is left out. */
const length = z.number().min(1).max(100_000).optional().catch(undefined);
const screenFields = {
  version: z.string().max(64).optional().catch(undefined),
  width: length,
  height: length,
  zoom: z.number().min(0.01).max(100).optional().catch(undefined),
} satisfies Record<keyof ScreenSize, z.ZodType>;
const screen = z.object(screenFields).optional().catch(undefined);
const wallAuth = z.object({ token: token.optional(), screen });
/** A word for what is on a wall. */
export const shows = z
  .object({
    shows: z
      .string()
      .regex(/^[a-z-]{1,24}$/)
      .optional()
      .catch(undefined),
  })
  .catch({});

/** What each namespace's handshake says. */
export const handshakes: { [N in keyof Namespaces]: z.ZodType<Namespaces[N]['auth']> } = {
  '/phone': phoneAuth,
  '/wall': wallAuth,
  '/organizer': tokenAuth,
  '/door': tokenAuth,
};

export const newVenue = (languages: readonly string[]) =>
  z.object({
    name: line(TEXTS.venue),
    city: line(TEXTS.city),
    country: line(TEXTS.country).optional(),
    timeZone,
    address: line(TEXTS.address).optional(),
    language: z.enum(languages as [string, ...string[]]).optional(),
  });

/** A merge patch: null takes an optional field away. */
export const venuePatch = (languages: readonly string[]) =>
  newVenue(languages)
    .partial()
    .extend({ country: line(TEXTS.country).nullish(), address: line(TEXTS.address).nullish() });

const planFields = {
  title: line(TEXTS.title),
  startsAt: time,
  endsAt: time,
  capacity: whole(NUMBERS.capacity).nullable(),
  entry: z.enum(['code', 'link']),
  show: z.enum(['numbers', 'count']),
  pocket: whole(NUMBERS.pocket).nullable(),
  veil: whole(NUMBERS.veil),
  gather: whole(NUMBERS.gather),
  opens: z.enum(['organizer', 'schedule']),
};

export const newNoso = z.object({
  venue: id,
  ...planFields,
  capacity: planFields.capacity.default(null),
  entry: planFields.entry.default('code'),
  show: planFields.show.default('numbers'),
  pocket: planFields.pocket.default(null),
  veil: planFields.veil.default(5),
  gather: planFields.gather.default(15),
  opens: planFields.opens.default('organizer'),
});

/** A merge patch: null puts a nullable field back to its default, and nothing else may be null. */
export const nosoPatch = z.object({ venue: id, ...planFields }).partial();

export const newWall = z.object({
  name: line(TEXTS.wall).optional(),
  pairing: z.string().max(32).optional(),
});
const measure = ({ least, most }: { least: number; most: number }) =>
  z.number().min(least).max(most).nullable().optional();
export const wallPatch = z.object({
  name: line(TEXTS.wall).optional(),
  diagonal: measure(STANDS.diagonal),
  distance: measure(STANDS.distance),
});
export const claimWall = z.strictObject({ secret: token });
export const wallGlance = z.object({ numbers: z.string().optional(), code: z.string().optional() });
export const newOrganizer = z.object({ label: line(TEXTS.organizer) });
export const signIn = z.strictObject({ key: token });

export const nosoQuery = z.object({
  city: z.string().max(TEXTS.city).optional(),
  state: z.enum(['scheduled', 'open', 'closed', 'cancelled']).optional(),
  from: time.optional(),
  cursor: z.string().max(120).optional(),
});

export const recordsQuery = z.object({
  year: z
    .string()
    .regex(/^\d{4}$/)
    .transform(Number)
    .optional(),
  venue: id.optional(),
  city: z.string().max(TEXTS.city).optional(),
  cursor: z.string().max(120).optional(),
});

const seriesFields = {
  rule: line(TEXTS.rule),
  minutes: whole(NUMBERS.minutes),
};
const { endsAt: _, ...recurring } = newNoso.shape;
/** A series' NoSos have all that others have; they end so many minutes after they start. */
export const newSeries = z.object({ ...recurring, ...seriesFields });
const { endsAt: __, ...amendable } = nosoPatch.shape;
export const seriesPatch = z.object({ ...amendable, ...z.object(seriesFields).partial().shape });

/** What a series would be, as far as its evenings go. */
export const seriesForeseen = z.object({ venue: id, rule: seriesFields.rule, startsAt: time });

/** A name of a place in any script: letters, marks and joiners, and what stands between words. */
const NAME = /^(?:[\p{L}\p{M} .’'\-\u2010\u2011]|\u200c|\u200d)+$/u;
const place = (most: number) =>
  line(most)
    .regex(NAME, 'letters, spaces, hyphens, apostrophes and full stops')
    .regex(/\p{L}/u, 'a letter at least');
export const newWish = z.strictObject({
  city: place(TEXTS.city),
  country: place(TEXTS.country).optional(),
});

export const calendarQuery = z.object({
  city: z.string().max(TEXTS.city).optional(),
  venue: id.optional(),
});

/** The parsed value; `bad_request`, whose detail and `field` name the field, where it does not fit. */
export function demand<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const issue = deepest(result.error.issues);
  const path = issue?.path.join('.') ?? '';
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : '';
  const field = [path, keys].filter(Boolean).join('.');
  const fault = issue?.message ?? 'malformed';
  if (!field) throw new Refusal('bad_request', fault);
  throw new Refusal('bad_request', `${field}: ${fault}`, undefined, { field });
}

/** A union's own fault says nothing; the first branch's does. */
function deepest(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue | undefined {
  const issue = issues[0];
  return issue?.code === 'invalid_union' ? (deepest(issue.errors[0] ?? []) ?? issue) : issue;
}
