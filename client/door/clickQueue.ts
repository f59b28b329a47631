import type { DoorClick } from '../../src/protocol/wire.js';

/** Clicks that are not answered yet, in their order; several tabs of one door share them. */
export type ClickQueue = {
  /** Whether they outlive the page. */
  lasting: boolean;
  add: (click: DoorClick) => Promise<void>;
  /** The first so many. */
  first: (most: number) => Promise<DoorClick[]>;
  all: () => Promise<DoorClick[]>;
  remove: (ids: readonly string[]) => Promise<void>;
};

const STORE = 'clicks';

/** In this page alone, where there is no other place. */
function inMemory(): ClickQueue {
  let clicks: DoorClick[] = [];
  return {
    lasting: false,
    add: async (click) => void clicks.push(click),
    first: async (most) => clicks.slice(0, most),
    all: async () => clicks.slice(),
    remove: async (ids) => {
      clicks = clicks.filter(({ id }) => !ids.includes(id));
    },
  };
}

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** A database of this door's own. Rejects, or throws, where the browser keeps none. */
function openStore(door: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(`noso.door.${door}`, 1);
  opening.onupgradeneeded = () => {
    const store = opening.result.createObjectStore(STORE, { autoIncrement: true });
    store.createIndex('id', 'id', { unique: true });
  };
  return asked(opening);
}

/** The queue of a door, named by its id; in memory where IndexedDB is not to be had. */
export async function openQueue(door: string): Promise<ClickQueue> {
  let store: IDBDatabase;
  try {
    store = await openStore(door);
  } catch {
    return inMemory();
  }
  const within = <T>(mode: IDBTransactionMode, work: (clicks: IDBObjectStore) => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      const transaction = store.transaction(STORE, mode);
      const result = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  return {
    lasting: true,
    add: (click) => within('readwrite', async (clicks) => void (await asked(clicks.add(click)))),
    first: (most) => within('readonly', (clicks) => asked(clicks.getAll(undefined, most))),
    all: () => within('readonly', (clicks) => asked(clicks.getAll())),
    remove: (ids) =>
      within('readwrite', async (clicks) => {
        for (const id of ids) {
          const key = await asked(clicks.index('id').getKey(id));
          if (key !== undefined) await asked(clicks.delete(key));
        }
      }),
  };
}
