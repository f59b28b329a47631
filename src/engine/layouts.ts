import type { Kind } from './engine.js';

/** A document as some version wrote it. */
export type Stored = Record<string, unknown>;

/** What one version changed in what is stored. Once it is released a step is never changed again. */
export type Step = {
  /**
   * Embedded: what becomes of the tables of a database. Of an open NoSo they are called `{log}` and
   * `{seen}`: each has its own, and the step is taken for each.
   */
  sql?: string;
  /** Redis: what becomes of the keys, as a piece of a script that has the header's KEYS. */
  lua?: string;
  /** What becomes of documents of a kind, whatever they are kept in. */
  documents?: { readonly [K in Kind]?: (document: Stored) => Stored };
};

/**
 * What is stored bears a version, the same for both engines: 1 and as many as there are steps. The
 * first thing that opening does is to take the steps that lack, all or none of them; what is of a
 * later version is refused by its name, untouched (U1). So, to add
 * - *a field of a document*: its domain type, its shape (shapes.ts), and a step of `CATALOGUE` that
 *   gives those written before their value: `{ documents: { noso: (n) => ({ ...n, gather: 0 }) } }`;
 * - *a kind of document*: `Documents` (engine.ts), its shape, and a step of `CATALOGUE`, `{}`;
 * - *a kind of log entry*: a row of `KINDS` (embedded/entries.ts), and a step of `LIVE`, `{}`;
 * - *a table, a key or a field of an open NoSo*: its `sql` and `lua` in a step of `LIVE`; a key or field that
 *   reads as its default where it lacks needs no `lua`, but the step, if an older node must not write beside it.
 *
 * Documents are not rewritten by a step: each says which version wrote it, and is brought up when read.
 *
 * *Over Redis, old nodes beside new.* A step shuts older nodes out, at once and atomically: the first
 * node that starts with it raises the version, and every script of an older node is answered
 * 'newer' before it does anything; that node is not ready from then on, and its phones and walls go
 * to the others. What older nodes may ignore (an optional field) needs no step, and shuts out
 * nobody. Nodes of version 1 look at no version: they are to be stopped before a later one starts.
 */
export const CATALOGUE: readonly Step[] = [
  // 2: documents say which version wrote them.
  {},
  // 3: a NoSo gathers (L6), and its numbers are of one length (A3).
  { documents: { noso: gathering } },
  // 4: cities that are asked for.
  {},
  // 5: doors, and numbers on paper (P9).
  {},
  // 6: who means to come to a NoSo that is planned.
  {
    sql: `CREATE TABLE intents (
      noso TEXT NOT NULL, digest TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (noso, digest)
    ) STRICT, WITHOUT ROWID;`,
  },
  // 7: series.
  {},
  // 8: open NoSos share a database, and what is still to be erased is written down.
  { sql: 'CREATE TABLE forgetting (noso TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;' },
];

/** What version 2 kept did not gather: its silence began with it. */
function gathering(noso: Stored): Stored {
  const { life } = noso as { life?: Stored };
  const { is, openedAt } = life ?? {};
  const more = is === 'open' ? { digits: 6 } : is === 'closed' ? { beganAt: openedAt } : {};
  return { gather: 0, ...noso, life: { ...more, ...life } };
}

/** An open NoSo: its tables, or its keys. */
export const LIVE: readonly Step[] = [
  // 2: passes in the place of forms' ids, of which older nodes would bind none (P8); seats by hand, and
  // sittings that were taken back (P9).
  {},
];

/** The version that has all these steps behind it. */
export const versionOf = (steps: readonly Step[]): number => 1 + steps.length;

/** In one line: what it is, its version, and the one that is known here. */
export const laterVersion = (what: string, version: number, known: number): string =>
  `${what} is of version ${version}, written by a later release; this one knows ${known}`;
