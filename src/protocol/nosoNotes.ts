// Between a NoSo's page, as the server writes it, and the page's own script.
import type { Words } from '../service/words.js';
import type { NosoState } from './wire.js';

/** What the server leaves in the page, as JSON in `#notes`. Times in ms. */
export type NosoNotes = {
  id: string;
  state: NosoState;
  startsAt: number;
  endsAt: number;
  /** Minutes that the venue is east of UTC at the start and at the end; null where nobody can tell. */
  offsets: (number | null)[];
  language: string;
  /** Whose hours stand on the page: "heure de Lyon". */
  zone: string;
  words: {
    /** The same, and the reader's own hours. */
    yours: Words['noso']['yours'];
    /** … that are of another day there. */
    yoursOn: Words['noso']['yoursOn'];
    day: Words['noso']['day'];
    /** Said when the doors open. */
    open: Words['noso']['open'];
    time: Words['time'];
  };
};
