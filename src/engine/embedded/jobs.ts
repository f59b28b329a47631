import type { Kind } from '../engine.js';

/** A document as its row lies in the catalogue; `document` is JSON, null for a tombstone. */
export type Row = { kind: Kind; id: string; revision: number; document: string | null };

/** The log of a NoSo as packed entries (entries.ts), and when phones were last heard. */
export type Loaded = {
  entries: Uint8Array<ArrayBuffer>;
  /** Triples: number, sitting, at. */
  heard: Float64Array<ArrayBuffer>;
};

/** The file of an open NoSo, in the folder `live`. */
export const fileName = (noso: string): string => `${encodeURIComponent(noso)}.db`;

/** What the writer's thread is asked to do. Jobs are done one after the other, in order. */
export type Job =
  /** Opens the folder, checks every file, and reads the catalogue. */
  | { do: 'start'; dataDir: string; now: number }
  /** Appends to a NoSo's log, the first entry being its `first`, from 1. One commit. */
  | {
      do: 'append';
      noso: string;
      first: number;
      entries: Uint8Array<ArrayBuffer>;
      heard: Float64Array<ArrayBuffer> | null;
    }
  /** Reads and checks a NoSo's log. */
  | { do: 'load'; noso: string }
  /** Succeeds if there is room to write to a NoSo's file again. */
  | { do: 'probe'; noso: string }
  /** Succeeds if there is room to write to every file. */
  | { do: 'rehearse' }
  /** Whether every file is where it was opened. */
  | { do: 'look' }
  /** Writes documents, and forgets who meant to come to NoSos. `create` names a NoSo whose file comes first, `destroy` one whose goes after. */
  | { do: 'put'; rows: Row[]; create: string | null; destroy: string | null; forget: string[] }
  /** Tries again to delete what a `put` could not. */
  | { do: 'destroy'; noso: string }
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
  };
  append: null;
  load: Loaded;
  probe: null;
  rehearse: null;
  /** Those that are not: of which NoSo (null: the catalogue), and what there is to say. */
  look: { noso: string | null; message: string }[];
  /** What kept a file from being deleted, if anything did. */
  put: { left: string | null };
  destroy: null;
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
