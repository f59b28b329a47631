import type { HandClick } from './history.js';

/** How many may sit who were seated at doors: their numbers are told to nobody. */
export type Bounds = { least: number; most: number };

/**
 * By what doors asked for until `at`, and what they were answered until `late` ms before: a frame may be
 * so far behind. A click that has no answer yet may have been done or not.
 */
export function handsAt(clicks: readonly HandClick[], at: number, late: number): Bounds {
  const bounds = { least: 0, most: 0 };
  for (const { askedAt, ackedAt, by, result } of clicks) {
    const may = askedAt <= at && (result === null || result === 'ok' || (ackedAt ?? at) > at);
    const must = result === 'ok' && ackedAt !== null && ackedAt <= at - late;
    if (by > 0) {
      bounds.least += must ? 1 : 0;
      bounds.most += may ? 1 : 0;
    } else {
      bounds.least -= may ? 1 : 0;
      bounds.most -= must ? 1 : 0;
    }
  }
  return { least: Math.max(0, bounds.least), most: bounds.most };
}

/** How many stand in the record as seated by hand: entries that were done and not undone. */
export function byHand(clicks: readonly HandClick[]): Bounds {
  const came = clicks.filter(({ what }) => what === 'in');
  const undo = new Map(clicks.flatMap(({ of, result }) => (of ? [[of, result] as const] : [])));
  const isDone = (result: string | null | undefined) => result === 'ok';
  const mayBe = (result: string | null | undefined) => result === 'ok' || result === null;
  return {
    least: came.filter(({ id, result }) => isDone(result) && !mayBe(undo.get(id))).length,
    most: came.filter(({ id, result }) => mayBe(result) && !isDone(undo.get(id))).length,
  };
}
