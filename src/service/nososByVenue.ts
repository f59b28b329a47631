import type { Noso } from '../domain/noso.js';

/** Which NoSos there are at each venue, by id; nothing is kept of a venue that has none. */
export class NososByVenue {
  private readonly all = new Map<string, Set<string>>();

  /** How many venues have one. */
  get venues(): number {
    return this.all.size;
  }

  at(venue: string): Iterable<string> {
    return this.all.get(venue) ?? [];
  }

  /** Takes in what became of a NoSo: what it was, if it was known, and what it is, if it is still there. */
  take(id: string, before: Noso | undefined, after: Noso | null): void {
    if (before) {
      const ids = this.all.get(before.venue);
      ids?.delete(id);
      if (ids?.size === 0) this.all.delete(before.venue);
    }
    if (!after) return;
    const ids = this.all.get(after.venue) ?? new Set();
    this.all.set(after.venue, ids.add(id));
  }
}
