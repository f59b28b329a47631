import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { DataDirError } from '../../src/engine/embedded/openEmbedded.js';
import type { Engine } from '../../src/engine/engine.js';
import { suite } from '../support/suite.js';
import { asking, newId, opened, seated } from './contract/cast.js';
import { asDoubles, copyFolder, filesIn, found, inFolder, openAt, stateOf } from './folder.js';
import { seeded } from './seeded.js';

const test = suite('damaged and taken folders');

/** Runs `work` with the folder of an engine that was cut off in the middle of a NoSo. */
async function afterACrash(
  work: (crash: { dataDir: string; noso: string; state: unknown }) => Promise<void>,
): Promise<void> {
  await inFolder(async (parent) => {
    const engine = await openAt(join(parent, 'running'));
    const noso = await opened(engine, { pocket: 3000 });
    for (let k = 0; k < 30; k += 1) await seated(engine, noso, 5);
    const [one] = await seated(engine, noso, 1);
    await engine.leave(noso, one?.number as number, null);
    await engine.spend(newId(), engine.now() + 60_000);
    const state = await stateOf(engine, noso);
    const dataDir = join(parent, 'crashed');
    await copyFolder(join(parent, 'running'), dataDir);
    await engine.close();
    await work({ dataDir, noso, state });
  });
}

/** The refusal to open a folder; fails if it opens. */
async function refusal(dataDir: string): Promise<DataDirError> {
  let engine: Engine;
  try {
    engine = await openAt(dataDir);
  } catch (error) {
    if (error instanceof DataDirError) return error;
    throw error;
  }
  await engine.close();
  return assert.unreachable('it started') as never;
}

async function flip(file: string, at: number, mask = 0xff): Promise<void> {
  const handle = await open(file, 'r+');
  const byte = Buffer.alloc(1);
  await handle.read(byte, 0, 1, at);
  byte[0] = (byte[0] as number) ^ mask;
  await handle.write(byte, 0, 1, at);
  await handle.close();
}

test('F5 after a crash all is as it was', async () => {
  await afterACrash(async ({ dataDir, noso, state }) => {
    const engine = await openAt(dataDir);
    assert.equal(await stateOf(engine, noso), state);
    await engine.close();
    const again = await openAt(dataDir);
    assert.equal(await stateOf(again, noso), state);
    await again.close();
  });
});

test('F5 damage in the middle of a write-ahead log is refused, and named', async () => {
  await afterACrash(async ({ dataDir }) => {
    const wal = join(dataDir, 'live.db-wal');
    const { size } = await stat(wal);
    await flip(wal, Math.floor(size / 2));
    const { message } = await refusal(dataDir);
    assert.ok(message.includes(basename(wal)), message);
    assert.not.ok(message.includes('\n'), 'in one line');
  });
});

test('F5 a torn tail is no damage: what was never acknowledged is forgotten', async () => {
  await afterACrash(async ({ dataDir, noso }) => {
    const wal = join(dataDir, 'live.db-wal');
    const { size } = await stat(wal);
    await truncate(wal, size - 100);
    const engine = await openAt(dataDir);
    // The last commit was the leave: that one is torn, and no other.
    const { seq, count } = await engine.tail(noso, null);
    assert.equal([seq, count], [151, 151]);
    await seated(engine, noso, 1);
    await engine.close();
  });
});

test('F5 damage in a database is refused, and named', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const noso = await opened(engine);
    const numbers: number[] = [];
    for (let k = 0; k < 20; k += 1) {
      for (const { number } of await seated(engine, noso, 100)) numbers.push(number);
    }
    await engine.close();
    const [entry] = asDoubles(numbers) as [Buffer];
    for (const file of [join(dataDir, 'live.db'), join(dataDir, 'catalogue.db')]) {
      const whole = await readFile(file);
      // In the middle of a page's content, where SQLite itself would see nothing wrong.
      const at = whole.indexOf(file.endsWith('live.db') ? entry : 'Lyon');
      assert.ok(at > 0);
      await flip(file, at, 1);
      assert.ok((await refusal(dataDir)).message.includes(basename(file)));
      await writeFile(file, whole.subarray(0, whole.length / 2));
      assert.ok((await refusal(dataDir)).message.includes(basename(file)));
      await rm(file);
      assert.ok((await refusal(dataDir)).message.includes(basename(file)));
      await writeFile(file, 'something else altogether, by mistake');
      assert.ok((await refusal(dataDir)).message.includes(basename(file)));
      await writeFile(file, whole);
    }
    const healed = await openAt(dataDir);
    assert.is((await healed.tail(noso, null)).count, 2000);
    await healed.close();
  });
});

test(
  'F5 whatever bit flips, it refuses to start or nothing has changed',
  async () => {
    const seed = Number(process.env.NOSO_SEED ?? Date.now() % 2 ** 31);
    console.log(`NOSO_SEED=${seed}`);
    const random = seeded(seed);
    await afterACrash(async ({ dataDir, noso, state }) => {
      let refused = 0;
      for (let k = 0; k < 60; k += 1) {
        await inFolder(async (copy) => {
          await copyFolder(dataDir, copy);
          const files = (await filesIn(copy)).sort();
          const file = files[Math.floor(random() * files.length)] as string;
          const { size } = await stat(file);
          // The last two commits may be a torn tail: they are other tests' business.
          const at = Math.floor(random() * Math.max(1, size - 4 * 4120));
          if (size > 0) await flip(file, at, 1 << Math.floor(random() * 8));
          const what = `${k}: ${basename(file)} at ${at}`;
          let engine: Engine;
          try {
            engine = await openAt(copy);
          } catch (error) {
            if (!(error instanceof DataDirError)) throw error;
            refused += 1;
            return;
          }
          const now = await stateOf(engine, noso).finally(() => engine.close());
          assert.equal(now, state, what);
        });
      }
      assert.ok(refused > 10, `${refused} were noticed`);
    });
  },
  { deadline: 90_000 },
);

test('L4 what a crash left of a NoSo that is not open is erased at the start', async () => {
  await inFolder(async (parent) => {
    const engine = await openAt(join(parent, 'running'));
    const noso = await opened(engine);
    const other = await opened(engine);
    const numbers = Array.from({ length: 60 }, (_, k) => 713_245_986_107_000 + k * 7919);
    for (const number of numbers) await engine.take(noso, asking(engine, number));
    await seated(engine, other, 3);
    const written = asDoubles(numbers);
    // As if it had been cut off after the close was written down, and before anything was erased.
    const left = join(parent, 'left');
    await copyFolder(join(parent, 'running'), left);
    await engine.command(noso, { do: 'close', by: 'organizer' });
    assert.equal(await found(join(parent, 'running'), written), []);
    for (const file of ['catalogue.db', 'catalogue.db-wal']) {
      await copyFile(join(parent, 'running', file), join(left, file));
    }
    await engine.close();
    await mkdir(join(left, 'live'));
    for (const name of ['gone.db', 'gone.db-wal', 'other.db-journal']) {
      await writeFile(join(left, 'live', name), 'left over');
    }
    assert.is((await found(left, written)).length, written.length);

    const again = await openAt(left);
    assert.equal(await found(left, written), []);
    assert.equal((await readdir(left)).includes('live'), false);
    assert.is((await again.tail(other, null)).count, 3);
    await again.close();
    assert.equal(await found(left, written), []);
  });
});

test('a folder serves one engine at a time, and says so', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const noso = await opened(engine);
    const { message } = await refusal(dataDir);
    assert.ok(message.includes(dataDir) && message.includes('in use'), message);
    await seated(engine, noso, 3);
    await engine.close();

    const seater = fileURLToPath(new URL('./seater.js', import.meta.url));
    const notes = join(dataDir, 'notes');
    const other = spawn(process.execPath, [seater, dataDir, noso, '1', notes], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    other.stdin.write('begin\n');
    const exit = once(other, 'exit');
    try {
      await once(other.stdout, 'data');
      assert.ok((await refusal(dataDir)).message.includes('in use'));
    } finally {
      other.kill('SIGKILL');
      await exit;
    }
    const last = await openAt(dataDir);
    await last.take(noso, asking(last, 9_999_999));
    await last.close();
  });
});

test('a folder that cannot be made is a clear error', async () => {
  await inFolder(async (dataDir) => {
    await writeFile(join(dataDir, 'file'), '');
    const { message } = await refusal(join(dataDir, 'file'));
    assert.ok(message.includes(join(dataDir, 'file')), message);
  });
});
