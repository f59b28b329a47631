import * as assert from 'uvu/assert';
import type { SeatChange } from '../../../src/engine/engine.js';
import type { Story } from '../contract.js';
import { asking, opened } from './cast.js';

/** An operation that was acknowledged, and between which positions it took effect. */
type Done = { number: number; seated: boolean; after: number; by: number };

export function historyStories(story: Story): void {
  story('P2 P6 what many do at once could have been done in a row', async (engine) => {
    const id = await opened(engine, { capacity: 40 });
    const numbers = await engine.draw(60);
    const done: Done[] = [];
    const position = async () => (await engine.tail(id, null)).seq;

    // Two clients of every number race each other through the same life: sit, go, try again.
    const client = async (number: number) => {
      for (const step of ['take', 'leave', 'take'] as const) {
        const after = await position();
        const changed = await (step === 'leave'
          ? engine.leave(id, number, null)
          : engine.take(id, asking(engine, number)).then(
              () => true,
              () => false,
            ));
        const by = await position();
        if (changed) done.push({ number, seated: step === 'take', after, by });
      }
    };
    const seen: { seq: number; count: number }[] = [];
    let over = false;
    const reader = async () => {
      while (!over) {
        const { seq, count } = await engine.tail(id, null);
        seen.push({ seq, count });
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const reading = [reader(), reader()];
    await Promise.all([...numbers, ...numbers].map(client));
    over = true;
    await Promise.all(reading);

    const { changes, count, seq } = await engine.tail(id, 0);
    assert.ok(changes);
    const counts = replay(changes);
    assert.equal([counts.length - 1, counts.at(-1)], [seq, count]);
    assert.ok(Math.max(...counts) <= 40, 'never more than the capacity');
    for (const each of seen) assert.is(counts[each.seq], each.count, `at ${each.seq}`);
    for (const each of done) assert.ok(possible(changes, each), JSON.stringify(each));
  });
}

/** The count at every position; fails where a number comes twice, or goes without having come. */
function replay(changes: SeatChange[]): number[] {
  const seated = new Set<number>();
  const counts = [0];
  for (const { seq, number, seated: is } of changes) {
    assert.is(seq, counts.length);
    assert.is(seated.has(number), !is, `${seq} cannot follow`);
    if (is) seated.add(number);
    else seated.delete(number);
    counts.push(seated.size);
  }
  return counts;
}

/**
 * Whether at some moment between asking and answer the number was as the answer says: seated for a
 * take (by this request or its twin); for a leave, gone by a change of that very time.
 */
function possible(changes: SeatChange[], { number, seated, after, by }: Done): boolean {
  const own = changes.filter((c) => c.number === number);
  const during = own.some((c) => c.seq > after && c.seq <= by && c.seated === seated);
  const before = own.filter((c) => c.seq <= after).at(-1);
  return during || (seated && before?.seated === true);
}
