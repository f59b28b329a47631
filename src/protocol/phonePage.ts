import type { Words } from '../service/words.js';

/** What the seat page may be showing. The server and the page's script use the same views. */
export type ViewName =
  /** May sit. */
  | 'invite'
  /** The NoSo is still to open: there is nothing to do. */
  | 'waiting'
  | 'seated'
  | 'left'
  | 'lapsed'
  | 'closed'
  | 'cancelled'
  | 'full'
  /** The code, or the pass it was exchanged for, has expired. */
  | 'gone'
  /** No answer: perhaps seated. */
  | 'asking'
  /** Too soon to come back (S4). */
  | 'soon'
  /** Came back too often (S4). */
  | 'spent'
  | 'limited';

/** Values that views have holes for, as people read them. */
export type ViewHoles = {
  number?: string;
  /** The NoSo's end: "14 h 30". */
  until?: string;
  /** When it was over, or when the seat came free. */
  at?: string;
  /** Seconds until the next try, and the same as m:ss. */
  n?: string;
  time?: string;
};

/** What the seat page's script is told; times in milliseconds since the epoch. */
export type PhonePage = {
  noso: string;
  code: string;
  /** The pass to sit with: an entry pass, or the seat's. */
  pass: string | null;
  view: ViewName;
  /** This phone holds a seat's pass, and the store knows of no seat: the pass brings it back (P1). */
  lost: boolean;
  /** The number in this phone, if there is one. */
  number: string | null;
  startsAt: number;
  endsAt: number;
  /** Seconds a seat outlives its silent phone; null: until the NoSo closes. */
  pocket: number | null;
  timeZone: string;
  /** Minutes east of UTC, for browsers that do not know the zone. */
  utcOffset?: number;
  serverTime: number;
  /** Seconds, where the view is worth another try. */
  retryAfter: number | null;
  /** The words for hours. */
  time: Words['time'];
  /** Where, and for how many seconds, the seat's pass is kept. */
  keep: { name: string; age: number; secure: boolean };
};

/** The view that says this error code; null where no view of the seat page does. */
export function viewOfError(code: string): ViewName | null {
  switch (code) {
    case 'bad_code':
      return 'gone';
    case 'not_open':
      return 'waiting';
    case 'full':
      return 'full';
    case 'too_soon':
      return 'soon';
    case 'spent':
      return 'spent';
    case 'rate_limited':
      return 'limited';
    case 'unavailable':
      return 'asking';
    default:
      return null;
  }
}

/** Seconds as "0:24". */
export const countdown = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
