/*
 * What server and pages must agree on besides the shapes of wire.ts: how large a thing may be. Each
 * side checks by these, and neither has a copy.
 */

/** A request's body, in bytes. */
export const BODY = 16 * 1024;

/** A door's clicks, in bytes. */
export const CLICKS_BODY = 32 * 1024;

/** Characters. */
export const TEXTS = {
  title: 120,
  venue: 80,
  city: 60,
  country: 60,
  address: 160,
  wall: 60,
  organizer: 60,
  timeZone: 64,
  rule: 200,
} as const;

/** A screen's size in inches, and how far off it is read, in metres. */
export const STANDS = {
  diagonal: { least: 3, most: 600 },
  distance: { least: 0.3, most: 100 },
} as const;

/** Whole numbers, both ends included. */
export const NUMBERS = {
  capacity: { least: 1, most: 10_000_000 },
  /** Seconds. */
  pocket: { least: 300, most: 86_400 },
  /** Seconds. */
  veil: { least: 0, most: 60 },
  /** Numbers drawn on paper at once. */
  paper: { least: 1, most: 500 },
  headcount: { least: 0, most: 10_000_000 },
  /** Minutes. */
  gather: { least: 0, most: 120 },
  /** How long a NoSo lasts, in minutes. */
  minutes: { least: 1, most: 24 * 60 },
} as const;
