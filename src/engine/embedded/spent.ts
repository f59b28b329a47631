import type { Catalogue } from './catalogueStore.js';
import type { Disk } from './disk.js';

/** Ids that were used up, until they would have ended anyway. */
export function createSpent(deps: {
  disk: Disk;
  catalogue: Catalogue;
  now: () => number;
  spent: [id: string, until: number][];
}): (id: string, until: number) => Promise<boolean> {
  const { disk, catalogue } = deps;
  const spent = new Map(deps.spent);
  return (id, until) =>
    catalogue.exclusively(async () => {
      const now = deps.now();
      for (const [old, end] of spent) if (end <= now) spent.delete(old);
      if (spent.has(id)) return false;
      await disk.ask({ do: 'spend', id, until, now });
      spent.set(id, until);
      return true;
    });
}
