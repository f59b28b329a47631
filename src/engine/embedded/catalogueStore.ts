import { Refusal } from '../../domain/errors.js';
import type { Noso, Venue } from '../../domain/noso.js';
import { unavailable } from '../deadline.js';
import { readDocument, spellDocument } from '../documents.js';
import type { Change, Changes, Documents, Kind } from '../engine.js';
import type { Disk } from './disk.js';
import type { Intents } from './intentStore.js';
import type { Row } from './jobs.js';
import { EPOCH } from './memory.js';

type Write = { kind: Kind; id: string; document: Documents[Kind] | null };

/** Logs of NoSos that begin and end with a write. */
export type Logs = { create?: string; erase?: string };

/** The documents, in memory as they are on disk. Written through `exclusively`, one at a time. */
export type Catalogue = {
  noso(id: string): Noso | null;
  nosos(): Noso[];
  save<K extends Kind>(kind: K, id: string, document: Documents[K]): Promise<number>;
  find<K extends Kind>(kind: K, id: string): Documents[K] | null;
  /** What deleting a document takes along, itself last. Throws `not_found` or `conflict`. */
  removing(kind: Kind, id: string): Write[];
  changesSince(revision: number): Changes;
  /** Writes documents in one commit. To be called from within `exclusively`. */
  put(writes: Write[], logs?: Logs): Promise<number>;
  /** Runs `work` when nothing else changes the catalogue. Answers within 2 s or `unavailable`. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves once all that was begun, or waits, has come to its end. */
  settled(): Promise<unknown>;
  /** Tries again to erase what could not be (L4). */
  forget(): Promise<void>;
};

const keyOf = (kind: Kind, id: string) => `${kind} ${id}`;

export function createCatalogue(
  disk: Disk,
  stored: { rows: Row[]; erasing: string[] },
  intents: Intents,
  onError: (error: unknown) => void,
): Catalogue {
  /** In the order of their revisions. */
  const documents = new Map<string, Change>();
  let revision = 0;
  let busy: Promise<unknown> = Promise.resolve();
  /** NoSos of which something is still to be erased. */
  const doomed = new Set(stored.erasing);

  const keep = (row: Row) => {
    const { kind, id, document } = row;
    const read = document === null ? null : readDocument(kind, id, document);
    documents.delete(keyOf(kind, id));
    documents.set(keyOf(kind, id), { ...row, document: read } as Change);
    revision = row.revision;
  };
  for (const row of stored.rows.sort((a, b) => a.revision - b.revision)) keep(row);

  const all = <K extends Kind>(kind: K): Documents[K][] => {
    const found: Documents[K][] = [];
    for (const change of documents.values()) {
      if (change.kind === kind && change.document) found.push(change.document as Documents[K]);
    }
    return found;
  };
  const nosoOf = (id: string) =>
    (documents.get(keyOf('noso', id))?.document ?? null) as Noso | null;

  const put: Catalogue['put'] = async (writes, logs = {}) => {
    const { create = null, erase = null } = logs;
    const rows = writes.map(({ kind, id, document }, k) => ({
      kind,
      id,
      revision: revision + 1 + k,
      document: document === null ? null : spellDocument(document),
    }));
    // To what is no longer planned nobody means to come (A8).
    const forget = writes.flatMap(({ kind, id, document }) =>
      kind === 'noso' && (document as Noso | null)?.life.is !== 'scheduled' && intents.any(id)
        ? [id]
        : [],
    );
    const { left } = await disk.ask({ do: 'put', rows, create, erase, forget });
    for (const id of forget) intents.forget(id);
    for (const row of rows) keep(row);
    if (left !== null && erase !== null) {
      onError(new Error(left));
      doomed.add(erase);
    }
    return revision;
  };

  return {
    noso: nosoOf,
    find: <K extends Kind>(kind: K, id: string) =>
      (documents.get(keyOf(kind, id))?.document ?? null) as Documents[K] | null,
    nosos: () => all('noso'),
    removing(kind, id) {
      const document = documents.get(keyOf(kind, id))?.document;
      if (!document) throw new Refusal('not_found', `no such ${kind}`);
      const gone: Write[] = [];
      if (kind === 'noso') assertNotOpen(document as Noso);
      if (kind === 'venue') {
        for (const noso of all('noso').filter((n) => n.venue === (document as Venue).id)) {
          assertNotOpen(noso);
          gone.push({ kind: 'noso', id: noso.id, document: null });
        }
        for (const wall of all('wall').filter((w) => w.venue === (document as Venue).id)) {
          gone.push({ kind: 'wall', id: wall.id, document: null });
        }
      }
      return [...gone, { kind, id, document: null }];
    },
    changesSince(since) {
      if (since >= revision) return { epoch: EPOCH, revision, changes: [] };
      return {
        epoch: EPOCH,
        revision,
        changes: [...documents.values()].filter((c) => c.revision > since),
      };
    },
    put,
    save: (kind, id, document) => put([{ kind, id, document }]),
    async forget() {
      if (doomed.size === 0) return;
      const nosos = [...doomed];
      await disk.ask({ do: 'erase', nosos });
      for (const noso of nosos) doomed.delete(noso);
    },
    settled: () => busy,
    exclusively(work) {
      let givenUp = false;
      const turn = busy.then(async () => {
        if (givenUp) throw unavailable('the disk does not answer');
        try {
          return await work();
        } catch (error) {
          if (error instanceof Refusal) throw error;
          onError(error);
          throw unavailable('the disk refused the write', 'not_writable');
        }
      });
      busy = turn.catch(() => {});
      return disk.within(turn, () => {
        givenUp = true;
      });
    },
  };
}

function assertNotOpen(noso: Noso): void {
  if (noso.life.is === 'open') throw new Refusal('conflict.state', 'the NoSo is open');
}
