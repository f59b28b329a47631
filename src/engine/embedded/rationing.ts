import type { Clock } from '../../clock.js';
import { RATIONS, type Rationed, Recent } from '../../domain/ration.js';

/** Beyond so many they are looked through for those that are long past. */
const MANY = 100;

/** Counts what is bounded at each NoSo, in memory. */
export function createRationing(clock: Pick<Clock, 'steady'>) {
  const counts = new Map<string, Recent>();

  function clear(): void {
    for (const [key, recent] of counts) {
      recent.pass(recent.pieceAt(clock.steady()));
      if (recent.total === 0) counts.delete(key);
    }
  }

  return {
    /** How many there were of late, this one included; null where that is more than `most`. */
    count(noso: string, what: Rationed, most: number): number | null {
      if (counts.size > MANY) clear();
      const key = `${what} ${noso}`;
      const recent = counts.get(key) ?? new Recent(what);
      counts.set(key, recent);
      const piece = recent.pieceAt(clock.steady());
      recent.pass(piece);
      if (recent.total >= most) return null;
      recent.add(piece);
      return recent.total;
    },
    forget(noso: string): void {
      for (const what of Object.keys(RATIONS)) counts.delete(`${what} ${noso}`);
    },
  };
}
