import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { formsOfNumber } from '../support/traces.js';
import { asking, newId, opened } from './contract/cast.js';
import { found, inFolder, openAt } from './folder.js';

const test = suite('forgetting');

/** Fifteen digits: long enough never to be found by accident. */
const NUMBERS = Array.from({ length: 40 }, (_, k) => 713_245_986_107_000 + k * 7919);

/** Bytes of deleted files below `folder` that this process still holds open. */
function heldDeleted(folder: string): number {
  let bytes = 0;
  for (const fd of readdirSync('/proc/self/fd')) {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      if (target.startsWith(folder) && target.endsWith('(deleted)')) {
        bytes += statSync(`/proc/self/fd/${fd}`).size;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return bytes;
}

test('L4 after a close no number is left in any file, in any form', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const noso = await opened(engine, { pocket: 300 });
    const keys = NUMBERS.map(() => `pass-${newId()}`);
    const needles = [...NUMBERS.flatMap(formsOfNumber), ...keys.map((key) => Buffer.from(key))];
    for (const [k, number] of NUMBERS.entries()) {
      await engine.take(noso, asking(engine, number, { key: keys[k] as string }));
    }
    await engine.hear(
      noso,
      NUMBERS.map((number) => ({ number, sitting: 1, at: engine.now() })),
    );
    await Promise.all(NUMBERS.slice(0, 10).map((number) => engine.leave(noso, number, null)));
    const during = await found(dataDir, needles);
    // Each pass, and each number twice: in the log, and as the row of when it was heard.
    assert.ok(during.length >= NUMBERS.length * 3, 'the search finds what is there');

    await engine.command(noso, { do: 'close', by: 'organizer' });
    assert.equal(await found(dataDir, needles), []);
    assert.is(heldDeleted(dataDir), 0);
    await engine.close();
    assert.equal(await found(dataDir, needles), []);
  });
});

test('L4 others that are open share the file, and nothing of one that closed is left in it', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const [noso, ...others] = await Promise.all(
      Array.from({ length: 6 }, () => opened(engine, { pocket: 300 })),
    );
    const gone = Array.from({ length: 600 }, (_, k) => 713_245_986_107_000 + k * 7919);
    const kept = Array.from({ length: 600 }, (_, k) => 523_245_986_107_000 + k * 7919);
    const seat = async (id: string, numbers: number[]) => {
      for (let k = 0; k < numbers.length; k += 20) {
        const some = numbers.slice(k, k + 20);
        await Promise.all(some.map((number) => engine.take(id, asking(engine, number))));
        // Out of order, so that pages are split and cells move from one to another.
        const heard = some.map((number) => ({ number, sitting: 1, at: engine.now() }));
        await engine.hear(id, k % 40 === 0 ? heard.reverse() : heard);
      }
    };
    await Promise.all([
      seat(noso as string, gone),
      ...others.map((id, k) => seat(id, kept.slice(k * 120, k * 120 + 120))),
    ]);
    const needles = gone.flatMap(formsOfNumber);
    assert.ok((await found(dataDir, needles)).length >= gone.length * 2);
    await engine.command(noso as string, { do: 'close', by: 'organizer' });
    assert.equal(await found(dataDir, needles), []);
    for (const id of others) assert.is((await engine.tail(id, null)).count, 120);
    assert.ok((await found(dataDir, kept.flatMap(formsOfNumber))).length >= kept.length * 2);
    for (const id of others) await engine.command(id, { do: 'close', by: 'organizer' });
    assert.equal(await found(dataDir, kept.flatMap(formsOfNumber)), []);
    await engine.close();
    assert.equal(await found(dataDir, [...needles, ...kept.flatMap(formsOfNumber)]), []);
  });
});

test('what an organizer deleted is not in the files either', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const ids = Array.from({ length: 30 }, () => newId());
    const label = (id: string) => `${id}, who has a name of some length and is known by it`;
    for (const id of ids) {
      await engine.save('organizer', id, { id, label: label(id), hash: 'h', createdAt: 1 });
    }
    const needles = ids.map((id) => Buffer.from(label(id)));
    assert.is((await found(dataDir, needles)).length, ids.length);
    for (const id of ids) await engine.remove('organizer', id);
    assert.equal(await found(dataDir, needles), []);
    await engine.close();
    assert.equal(await found(dataDir, needles), []);
  });
});

test('A3 of what was drawn, the files hold which and how many, and nothing else', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const drawn = [...(await engine.draw(300)), ...(await engine.draw(300))];
    await engine.close();
    const file = new Database(join(dataDir, 'catalogue.db'));
    const rows = (table: string) => file.prepare(`SELECT * FROM ${table}`).raw().all();
    const tables = file.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").raw();
    const filled = (tables.all() as [string][]).filter(([name]) => rows(name).length > 0);
    // And when this process last ran, by which a clock is measured at the next start (L7).
    const ids = (rows('spent') as [string][]).filter(([id]) => id !== 'ran');
    assert.equal(ids, []);
    assert.equal(
      filled
        .flat()
        .filter((name) => name !== 'spent')
        .sort(),
      ['drawn', 'draws'],
    );
    assert.equal(rows('draws'), [[1, 600]]);
    const numbers: number[] = [];
    for (const [chunk, bits] of rows('drawn') as [number, Buffer][]) {
      for (let bit = 0; bit < bits.length * 8; bit += 1) {
        if ((bits[bit >> 3] as number) & (1 << (bit & 7))) numbers.push(chunk * 8192 + bit);
      }
    }
    assert.equal(numbers.sort(), drawn.sort());
    file.close();
  });
});

test('A5 of what was deleted the file holds nothing once anything else was written', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const organizer = { id: newId(), label: 'Ada', hash: 'h', createdAt: 1 };
    await engine.save('organizer', organizer.id, organizer);
    await engine.remove('organizer', organizer.id);
    assert.equal((await engine.changesSince(0)).changes.length, 1, 'who follows learns of it');
    await engine.save('organizer', 'other', { ...organizer, id: 'other' });
    await engine.close();
    const file = new Database(join(dataDir, 'catalogue.db'));
    assert.equal(file.prepare('SELECT id FROM documents').raw().all(), [['other']]);
    file.close();
  });
});
