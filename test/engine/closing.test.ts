import * as assert from 'uvu/assert';
import { manualClock, realClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { openDisk } from '../../src/engine/embedded/disk.js';
import type { Job } from '../../src/engine/embedded/jobs.js';
import { start } from '../../src/engine/embedded/start.js';
import { connect } from '../../src/engine/redis/connect.js';
import { startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { newVenue, refused } from './contract/cast.js';
import { inFolder, openAt } from './folder.js';
import { IdleThread, settle } from './thread.js';

const test = suite('an engine that closes');

/** A writer's thread that is slow to end: it does when it is told to. */
class SlowToEnd extends IdleThread {
  override postMessage(job: Job, transfer: unknown): void {
    if (job.do === 'stop') this.asked.push(job.do);
    else super.postMessage(job, transfer);
  }
}

const EMPTY = { rows: [], spent: [], intents: [], erasing: [] };

test('F2 from when it was told to close, the disk is asked for nothing new, and nothing is told', async () => {
  const writer = new SlowToEnd();
  const errors: unknown[] = [];
  const disk = openDisk((error) => errors.push(error), writer.thread);
  const clock = manualClock(1_800_000_000_000);
  const onError = (error: unknown) => errors.push(error);
  const starting = start({ dataDir: '', clock, disk, onError });
  writer.answer(EMPTY);
  const engine = await starting;
  for (let tick = 0; tick < 8; tick += 1) {
    clock.advance(250);
    while (writer.jobs.length > 0) writer.answer({ lives: null, catalogue: null });
    await settle();
  }
  assert.ok(writer.asked.includes('look'), 'else it looks at its files now and then');

  const closing = engine.close();
  while (writer.jobs.length > 0) writer.answer();
  await settle();
  assert.is(writer.asked.at(-1), 'stop');
  clock.advance(5000);
  await settle();
  assert.is(writer.asked.at(-1), 'stop');
  await refused(engine.draw(1), 'unavailable');
  await refused(disk.ask({ do: 'probe' }), 'unavailable');
  writer.emit('exit', 0);
  await closing;
  assert.equal(errors, []);
});

test('F2 P3 what was asked before is done before it ends, however much waits', () =>
  inFolder(async (dataDir) => {
    const errors: unknown[] = [];
    const engine = await openAt(dataDir, (error) => errors.push(error));
    const venues = Array.from({ length: 20 }, () => newVenue());
    const saved = venues.map((venue) => engine.save('venue', venue.id, venue));
    const closing = engine.close();
    await Promise.all(saved);
    await closing;
    assert.equal(errors, []);
    const again = await openAt(dataDir);
    const { changes } = await again.changesSince(0);
    await again.close();
    assert.equal(
      changes.map(({ id }) => id),
      venues.map(({ id }) => id),
    );
  }));

test('F2 F8 that the disk stalls keeps nobody from closing, and is told', async () => {
  const writer = new IdleThread();
  const told: unknown[] = [];
  const onError = (error: unknown) => told.push(error instanceof Refusal ? error.why : error);
  const clock = manualClock(1_800_000_000_000);
  const disk = openDisk(onError, writer.thread);
  const starting = start({ dataDir: '', clock, disk, onError });
  writer.answer(EMPTY);
  const engine = await starting;
  const venue = newVenue();
  const saved = refused(engine.save('venue', venue.id, venue), 'unavailable');
  const closing = engine.close();
  await settle();
  clock.advance(2000);
  await saved;
  await closing;
  assert.is(writer.asked.at(-1), 'stop');
  assert.equal(told, ['unavailable.no_answer']);
});

test('F2 what was on its way to Redis when it was let go of is no error', async () => {
  /** What is told where Redis goes without having answered, and the connections are let go of or not. */
  const told = async (lets: boolean): Promise<unknown[]> => {
    const redis = await startRedis();
    const errors: unknown[] = [];
    const clients = await connect(redis.url, realClock, (error) => errors.push(error), 10_000);
    try {
      redis.pause();
      const asked = clients.commands.ping().catch(clients.tell);
      if (lets) clients.close();
      await redis.kill();
      await asked;
    } finally {
      clients.close();
      await redis.stop();
    }
    return errors;
  };
  assert.equal(await told(true), []);
  assert.ok((await told(false)).length > 0, 'else it is');
});
