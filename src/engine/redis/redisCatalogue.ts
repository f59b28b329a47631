import { Refusal } from '../../domain/errors.js';
import type { Noso } from '../../domain/noso.js';
import { unavailable } from '../deadline.js';
import { readDocument, spellDocument, Unreadable } from '../documents.js';
import type { Change, Changes, Documents, Kind } from '../engine.js';
import { fieldOf, KEPT_UNCLOSED, type Keys, readField } from './keys.js';
import type { Ledger } from './ledger.js';
import {
  CHANGES,
  EXCHANGE,
  INTEND,
  INTENDING,
  INTENTS,
  PUBLISH,
  READ,
  REMOVE,
  REPLACE,
  SAVE,
  WITHDRAW,
} from './scripts/catalogueLua.js';

/** Documents told by one script at most. */
const PAGE = 500;
/** Attempts at a change that others get in the way of. */
export const ATTEMPTS = 20;

/** A NoSo as the catalogue has it. `value` is what to compare with when replacing it. */
export type Read = {
  noso: Noso;
  version: number;
  value: string;
  openAtVenue: string | null;
  /** When it was read, Redis' time. */
  now: number;
  /** How many numbers were ever drawn. */
  drawn: number;
  /** How many mean to come. */
  intents: number;
};

/** Organizers' documents. All of them are on one shard, so that L2 is one script's business. */
export class Catalogue {
  constructor(
    private readonly ledger: Ledger,
    private readonly keys: Keys,
    /** Hears of documents that cannot be read. */
    private readonly onError: (error: unknown) => void,
    /** Who meant to come was forgotten, and is to be in Redis' files as well. */
    private readonly onForgotten: () => void,
  ) {}

  async save<K extends Kind>(kind: K, id: string, document: Documents[K]): Promise<number> {
    const field = fieldOf(kind, id);
    const reply = await this.ledger.run(SAVE, [field, spellDocument(document)]);
    const noso = kind === 'noso' ? (document as Noso) : null;
    this.note(field, reply.number(2), reply.text(3), noso);
    return reply.number(2);
  }

  async revise<K extends Kind>(
    kind: K,
    id: string,
    revise: (before: Documents[K] | null) => Documents[K],
  ): Promise<Documents[K]> {
    const field = fieldOf(kind, id);
    let was = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = was === '' ? null : this.readable(kind, id, was);
      if (was !== '' && !before) throw unavailable('what is kept there cannot be read');
      const document = revise(before);
      const value = `${(Number.parseInt(was, 10) || 0) + 1}:${spellDocument(document)}`;
      const reply = await this.ledger.run(EXCHANGE, [field, was, value]);
      const revision = reply.number(2);
      if (revision > 0) {
        this.note(field, revision, value, null);
        return document;
      }
      was = reply.text(3);
    }
    throw unavailable('this document is being written all the time');
  }

  async read(id: string): Promise<Read | null> {
    const reply = await this.ledger.run(
      READ,
      [fieldOf('noso', id)],
      [this.keys.drawn, this.keys.intents(id)],
    );
    const value = reply.text(3);
    if (value === '') return null;
    const noso = this.readable('noso', id, value);
    if (!noso) throw unavailable('what is kept of this NoSo cannot be read');
    const openAtVenue = reply.text(4) || null;
    return {
      noso,
      version: Number.parseInt(value, 10),
      value,
      openAtVenue,
      now: reply.number(2),
      drawn: reply.number(5),
      intents: reply.number(6),
    };
  }

  /** Puts `next` in the place of what was read; false if that is no longer there, or L2 forbids it. */
  async replace(read: Read, next: Noso): Promise<boolean> {
    const opens = next.life.is === 'open' ? next.id : '';
    const value = `${read.version + 1}:${spellDocument(next)}`;
    const field = fieldOf('noso', next.id);
    const kept = next.life.is === 'scheduled' ? Math.ceil(next.endsAt + KEPT_UNCLOSED) : 0;
    const args = [field, read.value, value, opens, next.venue, read.intents, kept];
    const reply = await this.ledger.run(REPLACE, args, [this.keys.intents(next.id)]);
    const revision = reply.number(2);
    if (revision > 0) this.note(field, revision, value, next);
    return revision > 0;
  }

  async intend(id: string, digest: string): Promise<void> {
    const args = [fieldOf('noso', id), digest, KEPT_UNCLOSED];
    const reply = await this.ledger.run(INTEND, args, [this.keys.intents(id)]);
    const done = reply.number(2);
    if (done === -1) throw new Refusal('not_found', 'no such NoSo');
    if (done === 0) throw new Refusal('conflict.state', 'the NoSo is not scheduled');
    this.noteIntent(id, digest, true, reply.number(3));
  }

  async withdraw(id: string, digest: string): Promise<void> {
    const reply = await this.ledger.run(WITHDRAW, [digest], [this.keys.intents(id)]);
    this.noteIntent(id, digest, false, reply.number(3));
  }

  private noteIntent(noso: string, digest: string, comes: boolean, at: number): void {
    this.ledger.note({ what: 'intent', noso, digest, comes, at });
  }

  async intents(id: string, digests: readonly string[]) {
    const reply = await this.ledger.run(INTENTS, digests, [this.keys.intents(id)]);
    return { count: reply.number(2), among: reply.number(3) === 1 };
  }

  async intending(id: string): Promise<string[]> {
    const reply = await this.ledger.run(INTENDING, [], [this.keys.intents(id)]);
    return Array.from({ length: reply.length - 2 }, (_, k) => reply.text(k + 2)).sort();
  }

  /** Writes what a NoSo's live state says, unless the catalogue is as new. */
  async publish(noso: Noso, version: number): Promise<void> {
    const open = noso.life.is === 'open' ? 1 : 0;
    const field = fieldOf('noso', noso.id);
    const json = spellDocument(noso);
    const args = [field, version, json, noso.id, noso.venue, open];
    const revision = (await this.ledger.run(PUBLISH, args)).number(2);
    if (revision > 0) this.note(field, revision, `${version}:${json}`, noso);
  }

  async remove(kind: Kind, id: string): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const { revision, changes } = await this.changesSince(0);
      const found = changes.find((c) => c.kind === kind && c.id === id);
      if (!found?.document) throw new Refusal('not_found');
      if (found.kind === 'noso' && found.document.life.is === 'open') {
        throw new Refusal('conflict.state', 'the NoSo is open');
      }
      const gone = changes.filter(
        (c) => c === found || (kind === 'venue' && c.document !== null && venueOf(c) === id),
      );
      const args = gone.flatMap((c) => [fieldOf(c.kind, c.id), c.kind === 'wall' ? c.id : '']);
      const venue = kind === 'venue' ? id : '';
      const done = (await this.ledger.run(REMOVE, [revision, venue, ...args])).number(2);
      if (done > 0) {
        for (const { kind, id } of gone) {
          if (kind !== 'noso') continue;
          const meant = await this.ledger.run(WITHDRAW, [''], [this.keys.intents(id)]);
          if (meant.number(2) > 0) this.onForgotten();
        }
        for (const [k, c] of gone.entries()) this.note(fieldOf(c.kind, c.id), done + k, '', null);
        return;
      }
      if (done === -1) throw new Refusal('conflict.state', 'a NoSo is open at this venue');
    }
    throw unavailable('the catalogue is being written all the time');
  }

  /** Pages forward until nothing is newer; a document changed meanwhile is told as it is last. */
  async changesSince(since: number): Promise<Changes> {
    const found = new Map<string, Change>();
    let epoch: number | null = null;
    for (let cursor = since; ; ) {
      const reply = await this.ledger.run(CHANGES, [cursor, PAGE]);
      epoch ??= reply.number(1);
      if (reply.number(1) !== epoch) throw unavailable('the catalogue has moved on');
      const count = (reply.length - 3) / 3;
      for (let k = 0; k < count; k += 1) {
        const field = reply.text(3 + 3 * k);
        cursor = reply.number(4 + 3 * k);
        const value = reply.text(5 + 3 * k);
        const { kind, id } = readField(field);
        found.delete(field);
        const document = value === '' ? null : this.readable(kind, id, value);
        if (value !== '' && !document) continue;
        found.set(field, { kind, id, revision: cursor, document } as Change);
      }
      if (count < PAGE) {
        return {
          epoch,
          revision: Math.max(since, cursor, reply.number(2)),
          changes: [...found.values()],
        };
      }
    }
  }

  /** A document as it is kept, `version:json`. One that cannot be read is told of, and left out (F9). */
  private readable<K extends Kind>(kind: K, id: string, value: string): Documents[K] | null {
    try {
      return readDocument(kind, id, value.slice(value.indexOf(':') + 1));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.onError(error);
      return null;
    }
  }

  private note(field: string, revision: number, value: string, noso: Noso | null): void {
    this.ledger.note({ what: 'document', field, revision, value, noso });
  }
}

const venueOf = (change: Change): string | null =>
  change.kind === 'noso' || change.kind === 'wall' ? (change.document?.venue ?? null) : null;
