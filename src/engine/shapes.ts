import type { Headcount, Lifecycle, Noso, Venue, Void } from '../domain/noso.js';
import type { Totals } from '../domain/record.js';
import type {
  CityWish,
  Documents,
  Door,
  Kind,
  Made,
  Organizer,
  Paper,
  Series,
  Wall,
} from './engine.js';

/** Null if a value is a `T`, else what is wrong, with the path that leads there. */
type Shape<T> = ((value: unknown, path: string) => string | null) & { readonly of?: T | undefined };

const wrong = (path: string, what: string): string => `${path || 'it'} is not ${what}`;

const text: Shape<string> = (value, path) =>
  typeof value === 'string' ? null : wrong(path, 'a text');
const number: Shape<number> = (value, path) =>
  Number.isFinite(value) ? null : wrong(path, 'a number');

const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, path) =>
    value === null ? null : shape(value, path);

const optional =
  <T>(shape: Shape<T>): Shape<T | undefined> =>
  (value, path) =>
    value === undefined ? null : shape(value, path);

const oneOf =
  <const T extends readonly string[]>(...words: T): Shape<T[number]> =>
  (value, path) =>
    words.includes(value as string) ? null : wrong(path, words.join(' or '));

const listOf =
  <T>(shape: Shape<T>): Shape<T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) return wrong(path, 'a list');
    for (const [k, each] of value.entries()) {
      const fault = shape(each, `${path}[${k}]`);
      if (fault) return fault;
    }
    return null;
  };

/** Every field of `T` has its shape, or this does not compile. What else there is, is left alone. */
const object =
  <T extends object>(fields: { readonly [K in keyof Required<T>]: Shape<T[K]> }): Shape<T> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null) return wrong(path, 'an object');
    for (const [name, shape] of Object.entries<Shape<unknown>>(fields)) {
      const own = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      const fault = shape(own, path ? `${path}.${name}` : name);
      if (fault) return fault;
    }
    return null;
  };

const totals = object<Totals>({
  peak: number,
  total: number,
  byHand: optional(number),
  personMinutes: number,
  series: listOf(object<Totals['series'][number]>({ at: number, count: number })),
});

const headcounts = listOf(object<Headcount>({ at: number, count: number }));

type Is<W extends Lifecycle['is']> = Extract<Lifecycle, { is: W }>;
const LIVES: { readonly [W in Lifecycle['is']]: Shape<Is<W>> } = {
  scheduled: object<Is<'scheduled'>>({ is: oneOf('scheduled') }),
  open: object<Is<'open'>>({
    is: oneOf('open'),
    openedAt: number,
    effectiveAt: number,
    digits: number,
    intents: optional(number),
    headcounts: optional(headcounts),
    voids: optional(
      listOf(object<Void>({ since: number, until: number, freed: nullable(number) })),
    ),
  }),
  closed: object<Is<'closed'>>({
    is: oneOf('closed'),
    openedAt: number,
    beganAt: number,
    closedAt: number,
    effectiveAt: number,
    totals,
    headcounts: optional(headcounts),
  }),
  cancelled: object<Is<'cancelled'>>({
    is: oneOf('cancelled'),
    cancelledAt: number,
    effectiveAt: number,
  }),
};
const life: Shape<Lifecycle> = (value, path) => {
  const is: unknown = (value as { is?: unknown } | null | undefined)?.is;
  const shape = Object.entries<Shape<Lifecycle>>(LIVES).find(([word]) => word === is)?.[1];
  return shape ? shape(value, path) : wrong(`${path}.is`, Object.keys(LIVES).join(' or '));
};

/** What a document of each kind must be to be taken for one (documents.ts). */
export const SHAPES: { readonly [K in Kind]: Shape<Documents[K]> } = {
  venue: object<Venue>({
    id: text,
    name: text,
    city: text,
    country: optional(text),
    timeZone: text,
    address: optional(text),
    language: text,
  }),
  noso: object<Noso>({
    id: text,
    venue: text,
    title: text,
    startsAt: number,
    endsAt: number,
    capacity: nullable(number),
    entry: oneOf('code', 'link'),
    show: oneOf('numbers', 'count'),
    pocket: nullable(number),
    veil: number,
    opens: oneOf('organizer', 'schedule'),
    amended: optional(number),
    series: optional(text),
    gather: number,
    life,
  }),
  organizer: object<Organizer>({ id: text, label: text, hash: text, createdAt: number }),
  series: object<Series>({
    id: text,
    venue: text,
    title: text,
    rule: text,
    startsAt: number,
    minutes: number,
    capacity: nullable(number),
    entry: oneOf('code', 'link'),
    show: oneOf('numbers', 'count'),
    pocket: nullable(number),
    veil: number,
    opens: oneOf('organizer', 'schedule'),
    gather: number,
    made: listOf(object<Made>({ date: text, noso: text, amended: number })),
  }),
  wish: object<CityWish>({
    id: text,
    city: text,
    country: optional(text),
    month: text,
    count: number,
  }),
  wall: object<Wall>({
    id: text,
    venue: text,
    name: text,
    hash: text,
    createdAt: number,
    diagonal: optional(number),
    distance: optional(number),
  }),
  door: object<Door>({ id: text, noso: text, name: text, hash: text, createdAt: number }),
  paper: object<Paper>({ id: text, noso: text, numbers: listOf(number) }),
};
