import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import { suite } from '../support/suite.js';
import { opened } from './contract/cast.js';
import { asDoubles, found } from './folder.js';
import { seeded } from './seeded.js';

const test = suite('kill -9');
const KILLS = 100;
/** How long a process seats people before it is killed, at most; ms. */
const LIFE = 120;
/** Processes that are up and wait for their turn: most of a start is the program's own loading. */
const AHEAD = 3;

/** What the processes said so far. A number is drawn once, so each has one life. */
type Said = Map<string, 'take?' | 'taken' | 'leave?' | 'left'>;
type Found = { seq: number; count: number; numbers: number[] };

test(
  'P1 a hundred kills at any instant lose no acknowledged seat and invent none',
  async () => {
    const seed = Number(process.env.NOSO_SEED ?? Date.now() % 2 ** 31);
    console.log(`NOSO_SEED=${seed}`);
    const random = seeded(seed);
    const dataDir = await mkdtemp(join(tmpdir(), 'noso-kill-'));
    try {
      const first = await openEmbedded({ dataDir, clock: realClock });
      const noso = await opened(first);
      await first.close();

      const said: Said = new Map();
      const notes = `${dataDir}.notes`;
      const waiting: Seater[] = [];
      try {
        for (let kill = 0; kill < KILLS; kill += 1) {
          for (let k = kill + waiting.length; k < Math.min(kill + AHEAD + 1, KILLS); k += 1) {
            waiting.push(begin([dataDir, noso, String(seed + k), notes]));
          }
          await live(waiting.shift() as Seater, { notes, life: random() * LIFE, said });
        }
      } finally {
        for (const { child } of waiting) child.kill('SIGKILL');
      }
      const acknowledged = [...said.values()].filter((what) => what !== 'take?').length;
      assert.ok(acknowledged > KILLS, `only ${acknowledged} seats were taken`);

      const last = await openEmbedded({ dataDir, clock: realClock });
      const { life } = await last.command(noso, { do: 'close', by: 'organizer' });
      await last.close();
      const total = life.is === 'closed' ? life.totals.total : 0;
      assert.ok(total >= acknowledged && total <= said.size, `${total} of ${acknowledged}`);
      const numbers = asDoubles([...said.keys()].map(Number));
      assert.equal(await found(dataDir, numbers), [], 'L4 and nothing of them is left');
    } finally {
      await rm(dataDir, { recursive: true });
    }
  },
  { deadline: 200_000 },
);

type Seater = { child: ChildProcessByStdio<Writable, Readable, null>; exit: Promise<unknown[]> };

/** A process that touches nothing before it is its turn. */
function begin(args: string[]): Seater {
  const seater = fileURLToPath(new URL('./seater.js', import.meta.url));
  const child = spawn(process.execPath, [seater, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, exit: once(child, 'exit') };
}

type Life = { notes: string; life: number; said: Said };

/** One process, from its turn, when it checks what the one before left, to its end. */
async function live({ child, exit }: Seater, { notes, life, said }: Life): Promise<void> {
  child.stdin.write('go');
  try {
    await Promise.race([once(child.stdout, 'data'), exit]);
    await pause(life);
  } finally {
    child.kill('SIGKILL');
    const [code, signal] = await exit;
    assert.is(signal, 'SIGKILL', `it ended by itself, with ${code}`);
  }
  // The last line may have been cut off: what it would have said is not acknowledged.
  for (const line of (await readFile(notes, 'utf8')).split('\n').slice(0, -1)) {
    const [what, rest] = line.split(' ') as [string, string];
    if (what === 'found') compare(JSON.parse(rest) as Found, said);
    else {
      if (what === 'take?') assert.not.ok(said.has(rest), `A4 ${rest} was drawn twice`);
      said.set(rest, what as 'taken');
    }
  }
  await rm(notes);
}

function compare(found: Found, said: Said): void {
  const seated = new Set(found.numbers.map(String));
  assert.is(seated.size, found.count, 'the count is the size of the set');
  for (const [number, what] of said) {
    if (what === 'taken') assert.ok(seated.has(number), `P1 ${number} was seated, and is not`);
    if (what === 'left') assert.not.ok(seated.has(number), `P4 ${number} had left, and sits`);
  }
  for (const number of seated) assert.ok(said.has(number), `${number} never asked for a seat`);
}
