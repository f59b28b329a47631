import type { Engine } from '../engine.js';
import type { Catalogue } from './catalogueStore.js';
import type { Disk } from './disk.js';

/** Between what is reserved and its holder, in a row of what was spent. */
const HELD_BY = '\n';

/**
 * Ids that were used up, and those that somebody holds, until they would have ended anyway. A
 * reservation is a row like another, whose id says who holds it.
 */
export function createSpent(deps: {
  disk: Disk;
  catalogue: Catalogue;
  now: () => number;
  spent: [id: string, until: number][];
}): Pick<Engine, 'spend' | 'reserve' | 'holder'> {
  const { disk, catalogue } = deps;
  const spent = new Map<string, number>();
  const held = new Map<string, { holder: string; until: number }>();
  const keep = (row: string, until: number) => {
    const at = row.indexOf(HELD_BY);
    if (at < 0) spent.set(row, until);
    else held.set(row.slice(0, at), { holder: row.slice(at + 1), until });
  };
  for (const [row, until] of deps.spent) keep(row, until);

  async function write(row: string, until: number, now: number): Promise<void> {
    await disk.ask({ do: 'spend', id: row, until, now });
    keep(row, until);
  }
  function forget(now: number): void {
    for (const [old, end] of spent) if (end <= now) spent.delete(old);
    for (const [old, { until }] of held) if (until <= now) held.delete(old);
  }
  const holderOf = (id: string, now: number): string | null => {
    const found = held.get(id);
    return found && found.until > now ? found.holder : null;
  };

  return {
    spend: (id, until) =>
      catalogue.exclusively(async () => {
        const now = deps.now();
        forget(now);
        if (spent.has(id)) return false;
        await write(id, until, now);
        return true;
      }),
    reserve: (id, holder, until) =>
      catalogue.exclusively(async () => {
        const now = deps.now();
        forget(now);
        const first = holderOf(id, now);
        if (first === null) await write(`${id}${HELD_BY}${holder}`, until, now);
        return first ?? holder;
      }),
    holder: async (id) => holderOf(id, deps.now()),
  };
}
