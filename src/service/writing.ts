import { Refusal } from '../domain/errors.js';
import type { Noso, Venue } from '../domain/noso.js';
import type { Documents, Engine, Kind } from '../engine/engine.js';
import type { Catalogue } from './mirror.js';

export type Writing = ReturnType<typeof createWriting>;

/**
 * What organizers write. Whoever wrote reads their own write in the mirror here, and the other
 * nodes are told.
 */
export function createWriting(deps: {
  engine: Pick<Engine, 'now' | 'save' | 'remove'>;
  catalogue: Catalogue;
  tellOthers: () => void;
}) {
  const { engine, catalogue } = deps;

  /** After a write, whatever it was. */
  async function wrote(): Promise<void> {
    await catalogue.refresh();
    deps.tellOthers();
  }

  /** What this node may not have heard of yet is looked for once before it is denied. */
  async function demand<T>(found: () => T | undefined, what: string): Promise<T> {
    if (found() === undefined) await catalogue.refresh();
    const document = found();
    if (document === undefined) throw new Refusal('not_found', what);
    return document;
  }

  return {
    wrote,
    now: () => engine.now(),
    /** Engine time, and the two kinds that others hang on. `not_found`. */
    noso: (id: string): Promise<Noso> => demand(() => catalogue.noso(id), 'no such NoSo'),
    /** Whether there is such a NoSo: what an address may say besides is not brought before the store. */
    async isNoso(id: string): Promise<boolean> {
      if (!catalogue.noso(id)) await catalogue.refresh();
      return catalogue.noso(id) !== undefined;
    },
    venue: (id: string, what = 'no such venue'): Promise<Venue> =>
      demand(() => catalogue.venue(id), what),
    async save<K extends Kind>(kind: K, document: Documents[K]): Promise<void> {
      await engine.save(kind, document.id, document);
      await wrote();
    },
    async remove(kind: Kind, id: string): Promise<void> {
      await engine.remove(kind, id);
      await wrote();
    },
  };
}
