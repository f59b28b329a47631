import type { Kind } from '../engine.js';

/** A document as its row lies in the catalogue; `document` is JSON, null for a tombstone. */
export type Row = { kind: Kind; id: string; revision: number; document: string | null };

/** The log of a NoSo as packed entries (entries.ts), and when phones were last heard. */
export type Loaded = {
  entries: Uint8Array<ArrayBuffer>;
  /** Triples: number, sitting, at. */
  heard: Float64Array<ArrayBuffer>;
};

/** What one NoSo has of a commit: so many bytes of its entries, the first of which is its `first`. */
export type Part = {
  noso: string;
  first: number;
  bytes: number;
  heard: Float64Array<ArrayBuffer> | null;
};

/** The log of an open NoSo, as it was copied from elsewhere. */
export type LiveCopy = Loaded & { noso: string };

/** The databases of a folder: of documents, and of all open NoSos. */
export const CATALOGUE_NAME = 'catalogue.db';
export const LIVES_NAME = 'live.db';
/** The folder of databases that open NoSos had of their own (oldLives.ts). */
export const OLD_NAME = 'live';

/** What the writer's thread is asked to do. Jobs are done one after the other, in order. */
export type Job =
  /** Opens the folder, checks every file, and reads the catalogue; `copies` are of NoSos that are open in it. */
  | { do: 'start'; dataDir: string; now: number; copies: readonly LiveCopy[] }
  /** Appends to the logs of NoSos, in one commit: their entries one after the other. */
  | { do: 'append'; parts: Part[]; entries: Uint8Array<ArrayBuffer> }
  /** Reads and checks a NoSo's log. */
  | { do: 'load'; noso: string }
  /** Succeeds if the logs of open NoSos can be written to again. */
  | { do: 'probe' }
  /** Succeeds if there is room to write to every file. */
  | { do: 'rehearse' }
  /** Whether every file is where it was opened. */
  | { do: 'look' }
  /** Writes documents, and forgets who meant to come to NoSos. `create` names a NoSo whose log is begun before, `erase` one of which every trace goes after. */
  | { do: 'put'; rows: Row[]; create: string | null; erase: string | null; forget: string[] }
  /** Erases what a `put` could not, or a process that ended before it had. */
  | { do: 'erase'; nosos: string[] }
  /** Remembers who means to come, or forgets it. */
  | { do: 'intend'; noso: string; digest: string; will: boolean }
  | { do: 'spend'; id: string; until: number; now: number }
  /** Draws so many of a length each time; null: of the length of a NoSo that opens now. */
  | { do: 'draw'; wanted: { count: number; digits: number | null }[] }
  /** How many were ever drawn. */
  | { do: 'count' }
  /** The next numbers that were ever drawn, from a chunk on; and marking some that were elsewhere. */
  | { do: 'drawn'; from: number }
  | { do: 'mark'; numbers: Float64Array<ArrayBuffer> }
  /** Closes everything and ends; not answered. */
  | { do: 'stop' };

export type Answers = {
  start: {
    rows: Row[];
    spent: [id: string, until: number][];
    intents: [noso: string, digest: string][];
    /** NoSos of which something may still have to be erased. */
    erasing: string[];
  };
  append: null;
  load: Loaded;
  probe: null;
  rehearse: null;
  /** What there is to say of those that are not. */
  look: { lives: string | null; catalogue: string | null };
  /** What kept a NoSo from being erased, if anything did. */
  put: { left: string | null };
  erase: null;
  intend: null;
  spend: null;
  draw: Float64Array<ArrayBuffer>;
  count: number;
  /** Null where there are no more. */
  drawn: { numbers: Float64Array<ArrayBuffer>; next: number } | null;
  mark: null;
  stop: null;
};

export type Answer =
  | { ok: true; value: Answers[Job['do']] }
  /** `code` is SQLite's or the system's; `damage` marks a folder that must not be used. */
  | { ok: false; code: string; message: string; damage: boolean };
