import { LONGEST } from './noso.js';
import { RATIONS } from './ration.js';
import { ENTRY_PASS } from './seating.js';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** Where something is kept. `phone` is the participant's own, and nothing else. */
export type Where = 'engine' | 'memory' | 'phone';

/** Until when, times in milliseconds. */
export type Until =
  /** An organizer deletes it. */
  | { is: 'deleted' }
  | { is: 'never' }
  /** At most `within` after the NoSo closes. */
  | { is: 'close'; within: number }
  /** At most `within` after the NoSo opens, or is cancelled. */
  | { is: 'opening'; within: number }
  /** The process that holds it stops. */
  | { is: 'restart' }
  /** Its owner discards it, or `within` passes without use. */
  | { is: 'forgotten'; within: number }
  /** At most `within` after it was made. */
  | { is: 'after'; within: number };

export type Kept = {
  where: Where;
  until: Until;
  /** Its name, where it is a cookie, after what all of an installation's begin with. */
  cookie?: string;
};

/**
 * Everything that is kept (A5). /privacy is generated from this table, with the words of
 * `privacy.rows` for what each is and why; the code that keeps a thing takes its name and its time
 * from here. What is not in this table is not kept.
 */
export const KEPT = {
  /** Venues, NoSos, organizers' keys and wall tokens, both hashed; when a wall was last reached. */
  plans: { where: 'engine', until: { is: 'deleted' } },
  /** The ids of what organizers deleted, so that every process learns of it. */
  deleted: { where: 'engine', until: { is: 'after', within: 7 * DAY } },
  /** Drawn numbers, as bits, tied to nothing (A4). */
  drawn: { where: 'engine', until: { is: 'never' } },
  /** Seats, re-entry marks, the change log, and keyed digests of passes that were used (L4, P8). */
  presence: { where: 'engine', until: { is: 'close', within: 60 * SECOND } },
  /** A keyed mark of each secret of this server's, so that two of them do not differ unseen. */
  secrets: { where: 'engine', until: { is: 'never' } },
  /** A random id of this installation, which the names of its cookies bear; the addresses it went by; when it last ran (L7). */
  installation: { where: 'engine', until: { is: 'never' } },
  /** Doors' names and keys, hashed; paper numbers; keyed digests of clicks, and when they were (P9). */
  hands: { where: 'engine', until: { is: 'close', within: 60 * SECOND } },
  /** Who means to come to a NoSo that is planned: keyed digests, a key each (A8). How many: until its close. */
  intents: { where: 'engine', until: { is: 'opening', within: 60 * SECOND } },
  /** When an address drew a number beforehand, under the same digest as failures. */
  drawers: { where: 'memory', until: { is: 'after', within: HOUR } },
  /** Ids of sign-in links that were used, so that each is good once. */
  links: { where: 'engine', until: { is: 'after', within: 15 * 60 * SECOND } },
  /** Owners' sessions that were ended: digests of their tokens, for as long as those would be good. */
  sessions: { where: 'engine', until: { is: 'after', within: 12 * HOUR } },
  /** Screens that wait to be paired: keyed digests of their codes and secrets. */
  pairings: { where: 'engine', until: { is: 'after', within: 10 * 60 * SECOND } },
  /** From when to when what is here was put back from a backup: tokens of then are void. */
  restored: { where: 'engine', until: { is: 'after', within: YEAR } },
  /** How many screens an address had pair of late, under the same digest as failures. */
  pairers: { where: 'memory', until: { is: 'after', within: 10 * 60 * SECOND } },
  /** What remains of a closed NoSo: counts and times. */
  record: { where: 'engine', until: { is: 'deleted' } },
  /** How often a city was asked for in a month, and under which name. */
  wishes: { where: 'engine', until: { is: 'after', within: YEAR } },
  /** When an address asked for a city, under the same digest as failures. */
  wishers: { where: 'memory', until: { is: 'after', within: 2 * HOUR } },
  /** Failures per address, under a digest whose key dies with the process (F6). */
  failures: { where: 'memory', until: { is: 'restart' } },
  /** How many codes were exchanged at a NoSo of late, and return codes tried without a pass: counts. */
  rations: {
    where: 'engine',
    until: { is: 'after', within: RATIONS.tries.within + RATIONS.tries.piece },
  },
  /** Ways in that an address opened, under the same digest (P8). */
  ways: { where: 'memory', until: { is: 'after', within: 30 * SECOND } },
  /** The number token: the secret behind a number that is kept (A2). */
  token: { where: 'phone', cookie: 'token', until: { is: 'forgotten', within: YEAR } },
  /** The same for a number that is not kept: it is of one NoSo (A8), and that lasts a day at most. */
  passing: { where: 'phone', cookie: 'token', until: { is: 'after', within: LONGEST + HOUR } },
  /** The seat's pass. */
  pass: { where: 'phone', cookie: 'pass', until: { is: 'after', within: LONGEST + HOUR } },
  /** The entry pass that a code was exchanged for, until it is used. */
  entry: { where: 'phone', cookie: 'entry', until: { is: 'after', within: ENTRY_PASS } },
  /** The language that was chosen at the foot of the page. */
  language: { where: 'phone', cookie: 'lang', until: { is: 'after', within: YEAR } },
  /** An organizer's signing in to the console. */
  organizer: { where: 'phone', cookie: 'organizer', until: { is: 'after', within: YEAR } },
} as const satisfies Record<string, Kept>;

export type KeptName = keyof typeof KEPT;
