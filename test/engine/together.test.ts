import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { newThread, openDisk, type Thread } from '../../src/engine/embedded/disk.js';
import type { Job, Part } from '../../src/engine/embedded/jobs.js';
import { start } from '../../src/engine/embedded/start.js';
import type { Engine } from '../../src/engine/engine.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { asking, countOf, opened, refused } from './contract/cast.js';
import { inFolder } from './folder.js';

const test = suite('commits of many NoSos');

/** The writer's thread, with what was appended; the next commit may be spoilt. */
class Spy extends EventEmitter {
  readonly commits: Part[][] = [];
  spoil = false;

  constructor(private readonly worker: Worker) {
    super();
    worker.on('message', (answer) => this.emit('message', answer));
    worker.on('exit', (code) => this.emit('exit', code));
  }

  postMessage = (job: Job, transfer?: ArrayBuffer[]): void => {
    if (job.do === 'append') this.append(job, transfer);
    else this.worker.postMessage(job, transfer);
  };

  private append(job: Job & { do: 'append' }, transfer?: ArrayBuffer[]): void {
    this.commits.push(job.parts);
    const [first] = job.parts as [Part];
    const parts = this.spoil ? [...job.parts, { ...first, noso: 'nobody' }] : job.parts;
    this.spoil = false;
    this.worker.postMessage({ ...job, parts }, transfer);
  }
}

const withSpy = (work: (engine: Engine, spy: Spy) => Promise<void>) => () =>
  inFolder(async (dataDir) => {
    const spy = new Spy(newThread());
    const onError = () => {};
    const disk = openDisk(onError, spy as unknown as Thread);
    const engine = await start({ dataDir, clock: realClock, disk, onError });
    try {
      await work(engine, spy);
    } finally {
      await engine.close();
    }
  });

const openMany = async (engine: Engine, count: number): Promise<string[]> => {
  const nosos: string[] = [];
  for (let k = 0; k < count; k += 1) nosos.push(await opened(engine));
  return nosos;
};

test(
  'what is asked for together is one commit, of however many NoSos',
  withSpy(async (engine, spy) => {
    const nosos = await openMany(engine, 20);
    const numbers = await engine.draw(40);
    await Promise.all(
      numbers.map((number, k) => engine.take(nosos[k % 20] as string, asking(engine, number))),
    );
    assert.equal(
      spy.commits.map((parts) => parts.map(({ noso }) => noso)),
      [nosos],
    );
    for (const noso of nosos) assert.is(await countOf(engine, noso), 2);

    // While one is under way the next gathers.
    const more = await engine.draw(40);
    const asked = more.map(async (number, k) => {
      for (let turn = k % 4; turn > 0; turn -= 1) await new Promise((go) => setImmediate(go));
      return engine.take(nosos[k % 20] as string, asking(engine, number));
    });
    await Promise.all(asked);
    assert.ok(spy.commits.length <= 5, `${spy.commits.length} commits`);
    for (const noso of nosos) assert.is(await countOf(engine, noso), 4);
  }),
);

test(
  'F5 a commit that is refused refuses all that is in it, and nobody else is the worse for it',
  withSpy(async (engine, spy) => {
    const [one, two, other] = (await openMany(engine, 3)) as [string, string, string];
    const [a, b, c, d] = (await engine.draw(4)) as [number, number, number, number];
    await engine.take(other, asking(engine, c));
    spy.spoil = true;
    const asked = [engine.take(one, asking(engine, a)), engine.take(two, asking(engine, b))];
    // Refused by the rules, but on the strength of what is refused.
    const leaving = engine.leave(one, a, 1);
    for (const each of [...asked, leaving]) await refused(each, 'unavailable');
    assert.is(await countOf(engine, other), 1, 'it had no part in it');
    const sits = () => engine.take(one, asking(engine, a)).catch(() => null);
    assert.is((await until(sits, { deadline: 5000 })).sitting, 1);
    await engine.take(other, asking(engine, d));
    for (const [noso, count] of [
      [one, 1],
      [two, 0],
      [other, 2],
    ] as const) {
      assert.is(await countOf(engine, noso), count);
    }
    await engine.command(two, { do: 'close', by: 'organizer' });
  }),
);
