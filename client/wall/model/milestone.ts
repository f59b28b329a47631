/** When a wall that is read aloud says something: seldom, and nothing twice. */
import type { Scene } from './scene.js';

/** Counts are said when they pass one of these, and a minute after another at the soonest. */
const COUNTS = [0, 1, 10, 25, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 7500, 10_000];
const APART = 60_000;

export type Said = { what: string; reached: number; at: number };

/** What a scene is, but for its figures; and the last of the counts that it passed. */
function statusOf(scene: Scene): { what: string; reached: number } {
  const cut = 'cut' in scene && scene.cut !== null ? 'cut' : '';
  const full = 'full' in scene && scene.full ? 'full' : '';
  const noso = 'noso' in scene ? scene.noso.id : '';
  const late = 'late' in scene && scene.late ? 'late' : '';
  const what = [scene.kind, noso, cut, full, late].join(' ');
  const counts = scene.kind === 'during' || scene.kind === 'gathering';
  const count = counts ? scene.view.count : 0;
  return { what, reached: COUNTS.filter((each) => each <= count).length };
}

/** What was said last, after this scene: another one if there is something to say now. */
export function milestone(before: Said | null, scene: Scene, now: number): Said {
  const { what, reached } = statusOf(scene);
  if (before === null || before.what !== what) return { what, reached, at: now };
  if (before.reached === reached || now - before.at < APART) return before;
  return { what, reached, at: now };
}
