import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { newThread, openDisk, type Thread } from '../../src/engine/embedded/disk.js';
import { start } from '../../src/engine/embedded/start.js';
import type { Engine } from '../../src/engine/engine.js';
import { machineTime } from '../support/machineTime.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import {
  asking,
  countOf,
  newVenue,
  opened,
  planned,
  refused,
  seated,
  tallied,
} from './contract/cast.js';
import { inFolder } from './folder.js';

const test = suite('a disk that does not answer');

/** The writer's thread with a tap on what it answers: shut, the disk has stalled. */
class Tap extends EventEmitter {
  private held: unknown[] | null = null;

  constructor(private readonly worker: Worker) {
    super();
    worker.on('message', (answer) => (this.held ? this.held.push(answer) : this.pass(answer)));
    worker.on('exit', (code) => this.emit('exit', code));
  }

  postMessage: Worker['postMessage'] = (...job: [unknown]) => this.worker.postMessage(...job);

  shut(): void {
    this.held = [];
  }

  open(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const answer of held) this.pass(answer);
  }

  private pass(answer: unknown): void {
    this.emit('message', answer);
  }
}

async function withTap(work: (engine: Engine, tap: Tap) => Promise<void>): Promise<void> {
  await inFolder(async (dataDir) => {
    const onError = (error: unknown) => console.error(error);
    const tap = new Tap(newThread());
    const disk = openDisk(onError, tap as unknown as Thread);
    const engine = await start({ dataDir, clock: realClock, disk, onError });
    try {
      await work(engine, tap);
    } finally {
      tap.open();
      await engine.close();
    }
  });
}

/** How long it took until it was refused. */
async function refusedIn(work: () => Promise<unknown>): Promise<number> {
  const began = machineTime();
  const { retryAfter } = await refused(work(), 'unavailable');
  assert.ok((retryAfter ?? 0) >= 1);
  return machineTime() - began;
}

test('F1 every request is answered within 2 s, and all heals by itself', async () => {
  await withTap(async (engine, tap) => {
    const noso = await opened(engine, { pocket: 300 });
    const other = await planned(engine);
    const [one] = await seated(engine, noso, 20);
    const [number] = (await engine.draw(1)) as [number];
    const ask = () => engine.take(noso, asking(engine, number));
    const heard = [{ number: one?.number as number, sitting: 1, at: engine.now() }];
    const venue = newVenue();
    tap.shut();
    const waits = await Promise.all([
      refusedIn(ask),
      refusedIn(ask),
      refusedIn(() => engine.leave(noso, one?.number as number, null)),
      refusedIn(() => engine.hear(noso, heard)),
      refusedIn(() => engine.draw(1)),
      refusedIn(() => engine.save('venue', venue.id, venue)),
      refusedIn(() => engine.command(other, { do: 'open', by: 'organizer' })),
      refusedIn(() => engine.spend('once', engine.now() + 60_000)),
    ]);
    for (const wait of waits) assert.ok(wait < 2000, `${wait} ms`);
    // From now on nobody has to wait for it.
    await refused(engine.tail(noso, null), 'unavailable');
    await refused(engine.seats(noso, engine.now()), 'unavailable');
    await refused(engine.seat(noso, one?.number as number), 'unavailable');
    assert.ok((await refusedIn(ask)) < 100);
    assert.ok((await refusedIn(() => engine.draw(1))) < 100);

    tap.open();
    await until(() => engine.tail(noso, null).then(Boolean, () => false), { deadline: 3000 });
    // It was unknown; asked again, it is the same seat.
    const taken = await ask();
    assert.equal(await ask(), taken);
    assert.is(await countOf(engine, noso), 20);
    assert.is((await engine.seat(noso, one?.number as number))?.seated, false);
  });
});

test('W4 what is not on disk is on no wall', async () => {
  await withTap(async (engine, tap) => {
    const noso = await opened(engine);
    await seated(engine, noso, 3);
    const [one, two] = (await engine.draw(2)) as [number, number];
    tap.shut();
    const asked = engine.take(noso, asking(engine, one));
    const again = engine.take(noso, asking(engine, two));
    await new Promise((resolve) => setImmediate(resolve));
    const tail = await engine.tail(noso, 0);
    assert.equal([tail.seq, tail.count, tail.peak, tail.changes?.length], [3, 3, 3, 3]);
    const seats = await engine.seats(noso, engine.now());
    assert.equal([seats.seq, seats.numbers.length], [3, 3]);
    tap.open();
    await Promise.all([asked, again]);
    assert.is(await countOf(engine, noso), 5);
  });
});

test('P6 whoever asks while the NoSo is being closed is answered as it turns out', async () => {
  await withTap(async (engine, tap) => {
    const noso = await opened(engine);
    const [one] = await seated(engine, noso, 3);
    const [number] = (await engine.draw(1)) as [number];
    tap.shut();
    const closing = engine.command(noso, { do: 'close', by: 'organizer' });
    await new Promise((resolve) => setImmediate(resolve));
    const late = engine.take(noso, asking(engine, number));
    const leaving = engine.leave(noso, one?.number as number, null);
    tap.open();
    const { life } = await closing;
    await refused(late, 'not_open');
    assert.is(await leaving, false);
    assert.ok(life.is === 'closed' && life.totals.total === 3);
  });
});

test('P5 while a lower capacity is on its way, it already holds', async () => {
  await withTap(async (engine, tap) => {
    const noso = await opened(engine, { capacity: 50 });
    await seated(engine, noso, 3);
    const numbers = await engine.draw(5);
    tap.shut();
    const less = engine.command(noso, { do: 'amend', changes: { capacity: 4 } });
    await new Promise((resolve) => setImmediate(resolve));
    const asked = tallied(numbers.map((number) => engine.take(noso, asking(engine, number))));
    tap.open();
    await less;
    assert.equal(await asked, { granted: 1, full: 4 });
  });
});
