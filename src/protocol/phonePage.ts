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
  /** The code has expired. */
  | 'gone'
  /** What was typed is no code. */
  | 'wrong'
  /** The pass that the code was exchanged for has expired. */
  | 'past'
  /** The pass has let somebody else in (P8). */
  | 'used'
  /** An organizer gave the seat back, with others. */
  | 'voided'
  /** No answer: perhaps seated. */
  | 'asking'
  /** Too soon to come back (S4). */
  | 'soon'
  /** Came back too often (S4). */
  | 'spent'
  /** This page is under an address that the server does not take for its own. */
  | 'foreign'
  | 'limited';

/** Values that views have holes for, as people read them. */
export type ViewHoles = {
  number?: string;
  /** The NoSo's end: "14 h 30". */
  until?: string;
  /** When the silence begins, while people arrive; `silent` once it has. */
  begins?: string;
  silent?: string;
  /** Whether some NoSo is open, on the page for typing a code. */
  open?: string;
  shut?: string;
  /** What another browser of the same person goes on with: "H7K-4PX". */
  returnCode?: string;
  /** Whatever text: this browser kept nothing; it came over http where it should be https. */
  unkept?: string;
  /** The number outlives this NoSo. */
  kept?: string;
  insecure?: string;
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
  /** The number in this phone, if there is one, and whether it is kept for another time (A8). */
  number: string | null;
  kept: boolean;
  /** From when on people come in, and when the silence begins. */
  doorsAt: number;
  startsAt: number;
  endsAt: number;
  /** Seconds a seat outlives its silent phone; null: until the NoSo closes. */
  pocket: number | null;
  timeZone: string;
  /** Minutes east of UTC, for browsers that do not know the zone. */
  utcOffset?: number;
  serverTime: number;
  /** Hosts that the server takes for its own: under another, no request of this page counts. */
  hosts: readonly string[];
  /** Seconds, where the view is worth another try. */
  retryAfter: number | null;
  /** The words for hours. */
  time: Words['time'];
  /** Where, and for how many seconds, the seat's pass is kept. */
  keep: { name: string; age: number; secure: boolean };
};

/** The view that says this refusal; null where no view of the seat page does. */
export function viewOfError(code: string, reason?: string): ViewName | null {
  switch (code) {
    case 'bad_code':
      if (reason === 'not_a_code') return 'wrong';
      return reason === 'pass' ? 'past' : 'gone';
    case 'conflict':
      if (reason === 'pass_used') return 'used';
      return reason === 'voided' ? 'voided' : null;
    case 'not_open':
      return 'waiting';
    case 'full':
      return 'full';
    case 'too_soon':
      return 'soon';
    case 'spent':
      return 'spent';
    case 'forbidden':
      return reason === 'origin' ? 'foreign' : null;
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
