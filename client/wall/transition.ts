import type { Slot } from './layout/mark.js';
import { darkness, type Scene } from './model/scene.js';

/** Milliseconds. */
const STATE = 1600;
const STALE_COMES = 2000;
const STALE_GOES = 1200;
const END = 4000;

/** How long what changes between two scenes takes to come and to go; 0 is a plain cut. */
export type Transition = {
  come: (slot: Slot) => number;
  go: (slot: Slot) => number;
  /** For the field, when it leaves; and for its numbers to become dashes, or the other way. */
  fieldGoes: number;
  stale: number;
};

const all = (come: number, go = come): Transition => ({
  come: () => come,
  go: () => go,
  fieldGoes: go,
  stale: come,
});

export const CUT = all(0);
/** The field is laid anew, or the code hangs smaller. */
export const RELAY = all(1200);

/** The same, but what goes with the field fades as long as a field that is laid anew does. */
export function withRelay(change: Transition): Transition {
  const slow = (given: (slot: Slot) => number) => (slot: Slot) =>
    WITH_FIELD.includes(slot) ? Math.max(given(slot), RELAY.fieldGoes) : given(slot);
  return { ...change, come: slow(change.come), go: slow(change.go) };
}
const WITH_FIELD: readonly Slot[] = ['qr', 'code', 'page', 'end', 'endUnder'];

/** At the doors the way to the page becomes the code, with a cut; who is here is never faded. */
const DOORS: Transition = all(0);

/** The code and all that invites in: it fades with the field at the end. */
const INVITING: readonly Slot[] = ['qr', 'code', 'end', 'endUnder'];

export function transition(before: Scene | null, after: Scene, now: number): Transition {
  // Nothing was seen yet: what is shown first is right at once.
  if (before === null || before.kind === 'connecting') return CUT;
  if (before.kind !== after.kind || nosoOf(before) !== nosoOf(after)) {
    if (darkness(before, now) > 0) return all(STATE, 0);
    if (before.kind === 'during' && after.kind === 'after')
      return {
        ...all(STATE),
        go: (slot) => (INVITING.includes(slot) ? END : STATE),
        fieldGoes: END,
      };
    if (before.kind === 'before' && after.kind === 'gathering') return DOORS;
    return all(STATE);
  }
  const [was, is] = [isCut(before), isCut(after)];
  if (was !== is) return all(is ? STALE_COMES : STALE_GOES);
  if (isFull(before) !== isFull(after)) return all(STATE);
  return CUT;
}

export const nosoOf = (scene: Scene): string | null => ('noso' in scene ? scene.noso.id : null);
const isCut = (scene: Scene) => 'cut' in scene && scene.cut !== null;
const isFull = (scene: Scene) => scene.kind === 'during' && scene.full;
