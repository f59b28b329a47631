import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { fill, makeRoom, onSmallDisk } from '../support/smallDisk.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { asking, newVenue, opened, planned, refused } from './contract/cast.js';
import { openAt } from './folder.js';

const test = suite('a full disk');

/** Asks for seats until the disk refuses; returns who was granted one, and who was not. */
async function takeUntilRefused(engine: Engine, noso: string, from: number) {
  const granted: number[] = [];
  const refusedNumbers: number[] = [];
  for (let number = from; refusedNumbers.length === 0; number += 4) {
    assert.ok(number < from + 40_000, 'the disk is full, and seats are granted without end');
    const asked = [number, number + 1, number + 2, number + 3];
    const answers = await Promise.allSettled(
      asked.map((n) => engine.take(noso, asking(engine, n))),
    );
    for (const [k, answer] of answers.entries()) {
      if (answer.status === 'fulfilled') granted.push(asked[k] as number);
      else if (answer.reason instanceof Refusal && answer.reason.code === 'unavailable') {
        refusedNumbers.push(asked[k] as number);
      } else throw answer.reason;
    }
  }
  return { granted, refusedNumbers };
}

async function seatedNow(engine: Engine, noso: string): Promise<number[]> {
  return (await engine.seats(noso, engine.now())).numbers.sort((a, b) => a - b);
}

test('F5 a full disk: no false acknowledgement, and recovery once there is room', async () => {
  await onSmallDisk(async (disk) => {
    const dataDir = join(disk, 'data');
    const errors: unknown[] = [];
    const engine = await openAt(dataDir, (error) => errors.push(error));
    const noso = await opened(engine);
    const other = await planned(engine);
    await fill(disk);
    const { granted, refusedNumbers } = await takeUntilRefused(engine, noso, 1_000_000);
    assert.ok(errors.length > 0);

    // Reading goes on, and tells of nobody who was not granted a seat.
    await until(() => engine.tail(noso, null).then(Boolean, () => false));
    assert.equal(await seatedNow(engine, noso), granted);
    assert.is((await engine.tail(noso, null)).count, granted.length);
    // Nothing is promised while there is no room.
    const [first] = refusedNumbers as [number];
    await refused(engine.take(noso, asking(engine, first)), 'unavailable');
    await refused(engine.leave(noso, granted[0] ?? first, null), 'unavailable');
    const big = { ...newVenue(), address: 'x'.repeat(100_000) };
    await refused(engine.save('venue', big.id, big), 'unavailable');
    await refused(engine.draw(4000), 'unavailable');
    await refused(engine.command(other, { do: 'open', by: 'organizer' }), 'unavailable');

    await makeRoom(disk);
    const granting = () => engine.take(noso, asking(engine, first)).catch(() => null);
    const taken = await until(granting, { what: 'recovery', deadline: 5000 });
    assert.is(taken.number, first);
    await engine.save('venue', big.id, big);
    assert.is((await engine.draw(4000)).length, 4000);
    await engine.command(other, { do: 'open', by: 'organizer' });
    const all = [...granted, first].sort((a, b) => a - b);
    assert.equal(await seatedNow(engine, noso), all);
    await engine.close();

    // And the file says the same, even where there is no room to start in.
    await fill(disk);
    const again = await openAt(dataDir);
    assert.equal(await seatedNow(again, noso), all);
    await again.close();
  });
});
