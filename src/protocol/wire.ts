/** What crosses the wire: the typed form of the contract, for the server and the pages alike. */

import type { ErrorCode, Reason } from '../domain/errors.js';

export type Language = string;

export type Venue = {
  id: string;
  name: string;
  city: string;
  country?: string;
  timeZone: string;
  /**
   * Minutes east of UTC, of a NoSo's venue at its start, else now: for whoever does not know the
   * zone. Absent where the server does not either.
   */
  utcOffset?: number;
  address?: string;
  language: Language;
};

export type NosoState = 'scheduled' | 'open' | 'closed' | 'cancelled';

/** Times are ISO 8601, UTC. */
export type Noso = {
  id: string;
  venue: Venue;
  title: string;
  startsAt: string;
  endsAt: string;
  state: NosoState;
  capacity: number | null;
  entry: 'code' | 'link';
  show: 'numbers' | 'count';
  /** Minutes before `startsAt` from which people come in; absent: none. */
  gather?: number;
  /** Seconds; null: until close. */
  pocket: number | null;
  /** Seconds. */
  veil: number;
  opens: 'organizer' | 'schedule';
  /** The series that it is of, if it is. */
  series?: string;
  /** How many mean to come: for organizers, until it closes. */
  intents?: number;
  /** For organizers and walls, while open; else null. */
  count: number | null;
  /** Absent until it opens. */
  openedAt?: string;
  /** Of a past NoSo, for everybody: null is "fewer than 10" (A6). Absent unless closed. */
  about?: number | null;
};

/** Evenings that come again: `rule` is an RRULE in the venue's time zone; each lasts so many minutes. */
export type Series = Pick<
  Noso,
  'id' | 'title' | 'startsAt' | 'capacity' | 'entry' | 'show' | 'pocket' | 'veil' | 'opens'
> & { venue: string; rule: string; minutes: number; gather: number };

/** One evening by a series' rule. */
export type Evening = {
  /** Where the venue is: `2026-12-05`. */
  date: string;
  /** By the rule. */
  startsAt: string;
  /** What is planned for it: absent where it was deleted, or is not planned yet. */
  noso?: string;
  /** Whether it follows its series: nobody moved, skipped or changed it. */
  follows: boolean;
};

export type Seat = {
  noso: string;
  number: string;
  pass: string;
  since: string;
  endsAt: string;
  /** Milliseconds since the epoch. */
  serverTime: number;
  /** `XXX-XXX`: with it, another browser of the same person goes on with the seat. */
  returnCode: string;
};

/** `keeps`, for our own pages: whether their browser sent a cookie of ours with it. */
export type Entered = { token: string; seat: Seat; keeps?: boolean };

export type Code = { code: string; url: string /** ISO 8601. */; validUntil: string };

export type NosoRecord = {
  noso: string;
  openedAt: string;
  /** Null while it is open: then the record is that so far. */
  closedAt: string | null;
  /** When the silence began, or is to begin. */
  beganAt: string;
  peak: number;
  total: number;
  personMinutes: number;
  series: { at: string; count: number }[];
  /** How many of `total` were seated by hand. */
  byHand: number;
  /** People counted by eye. */
  headcounts: { at: string; count: number }[];
};

/** Why, and in how many seconds again: what every form of a refusal says. */
export type Grounds = { code: ErrorCode; reason?: Reason; retryAfter?: number };

/** The same with prose for people who write clients. Pages do not read that. */
export type Refused = Grounds & { detail?: string };

/** A refusal over HTTP, as RFC 9457 has it; some bear further fields. */
export type Problem = Refused & {
  type: 'about:blank';
  title: string;
  status: number;
  [also: string]: unknown;
};

/** What somebody at a door did; `at` is by the door's clock, ISO 8601. */
export type DoorClick = {
  /** 16 to 64 of A-Z a-z 0-9 - _; each door's own. */
  id: string;
  what: 'in' | 'out' | 'undo';
  at: string;
  number?: string | undefined;
  of?: string | undefined;
};
export type DoorResult =
  | { id: string; ok: true; number?: string }
  | ({ id: string; ok: false } & Grounds);
/** `count` is as of that position of the log: of two the later one is the truer. */
export type DoorAnswer = {
  results: DoorResult[];
  noso: Noso;
  epoch: number;
  seq: number;
  count: number;
  here: number;
};
export type DoorInfo = { id: string; name: string; seated: number; lastSeen: string | null };
export type PaperInfo = { number: string; seated: boolean };

export type EntryPass = { pass: string; expiresAt: string; noso: Noso };
/** What a screen says of itself. */
export type ScreenSize = {
  version?: string | undefined;
  /** CSS pixels. */
  width?: number | undefined;
  height?: number | undefined;
  /** Device pixels in a CSS pixel. */
  zoom?: number | undefined;
};
/** A word for what is on it. */
export type ScreenShows = { shows?: string | undefined };
export type ScreenInfo = ScreenSize & ScreenShows;
export type WallInfo = ScreenInfo & {
  id: string;
  name: string;
  lastBeat: string | null;
  diagonal: number | null;
  distance: number | null;
  /** Its page is not the one that the server has by now. */
  earlier?: true;
};
/** A screen that waits to be paired. */
export type WaitingScreen = { code: string; secret: string; expiresAt: string };
export type OrganizerInfo = { id: string; label: string; createdAt: string };

// Socket.IO

/** The acknowledgement of what was done. */
export type Done = { ok: true };
/** The acknowledgement of what was refused. A `connect_error` has `Refused` as its `data`. */
export type Failure = { ok: false } & Grounds;

/** The token, where no cookie of ours has it. */
export type TokenAuth = { token?: string | undefined };
export type WallAuth = TokenAuth & { screen?: ScreenSize | undefined };
export type PhoneAuth =
  | (TokenAuth & { pass?: string | undefined; back?: boolean | undefined })
  | (TokenAuth & { code: string });

export type Closed = {
  noso: string;
  reason: 'closed' | 'cancelled' | 'left' | 'lapsed' | 'voided' | 'elsewhere';
};

export interface PhoneEvents {
  seated: (seat: Seat) => void;
  closed: (closed: Closed) => void;
}
export interface FromPhone {
  leave: (ack: (answer: Done | Failure) => void) => void;
}

export type Snapshot = {
  venue: Venue;
  noso: Noso | null;
  epoch: number;
  seq: number;
  count: number;
  numbersSeq: number;
  /** As of the last veil tick; null with `show: 'count'` and above 10,000 seats. */
  numbers: string[] | null;
  code: Code | null;
  /** When the change of state takes effect on screen, ms since the epoch. */
  effectiveAt: number;
  serverTime: number;
  /** Where the page of this NoSo is: what a wall shows before there is a code. */
  page?: string | null;
  /** Of the server: a wall that runs another page loads itself anew. */
  version?: string;
  wall?: ShownWall;
};
/**
 * The screen itself: its size in inches, how far off people see it from, in metres, and how many
 * walls its venue has: its name is the room's where there are several.
 */
export type ShownWall = {
  name: string;
  diagonal: number | null;
  distance: number | null;
  walls?: number;
};
export type Count = { epoch: number; seq: number; count: number; serverTime: number };
export type Numbers = {
  epoch: number;
  from: number;
  seq: number;
  seated: string[];
  gone: string[];
};

/** Show the wall's name until then, ms since the epoch. */
export type Identify = { until: number };

export interface WallEvents {
  snapshot: (snapshot: Snapshot) => void;
  count: (count: Count) => void;
  numbers: (numbers: Numbers) => void;
  code: (code: Code) => void;
  identify: (identify: Identify) => void;
}
export interface FromWall {
  sync: (said: ScreenShows, ack: (answer: Snapshot | Failure) => void) => void;
}
/** Where a wall only says what it shows, it asks for no answer: making one is work. */
export type WallSays = { [E in keyof FromWall]: (said: Parameters<FromWall[E]>[0]) => void };

export type Programme = { nosos: Noso[]; serverTime: number };
/** `peak`: of the record so far. */
export type ConsoleCount = {
  noso: string;
  epoch: number;
  seq: number;
  count: number;
  peak: number;
  /** A code was exchanged faster than people come in, within the last 15 s. */
  strained?: true;
};

/** One thing that whoever runs the server should know: a word of README's table of causes. */
export type OperatorNote = { cause: string; url?: string };
/** All that last now. */
export type OperatorNotes = { notes: OperatorNote[] };

export interface OrganizerEvents {
  nosos: (programme: Programme) => void;
  /** On change, and on connect where there are any. */
  notes: (notes: OperatorNotes) => void;
  /** On change, and every second as a beat. */
  count: (count: ConsoleCount) => void;
}
export type FromOrganizer = Record<never, never>;

/** `here`: seated by this door, and there now. */
export type DoorCount = {
  noso: string;
  epoch: number;
  seq: number;
  count: number;
  capacity: number | null;
  here: number;
};
export type DoorClosed = { noso: string; reason: 'closed' | 'revoked' };
export interface DoorEvents {
  /** On connect, on change, and every second as a beat. */
  count: (count: DoorCount) => void;
  closed: (closed: DoorClosed) => void;
}
export type FromDoor = Record<never, never>;

/** All that is said in each namespace: in the handshake, by the server, by whoever connected. */
export interface Namespaces {
  '/phone': { auth: PhoneAuth; told: PhoneEvents; says: FromPhone };
  '/wall': { auth: WallAuth; told: WallEvents; says: FromWall };
  '/organizer': { auth: TokenAuth; told: OrganizerEvents; says: FromOrganizer };
  '/door': { auth: TokenAuth; told: DoorEvents; says: FromDoor };
}

/** Above this many seats, walls get a count and no numbers. */
export const MOST_NUMBERS = 10_000;
