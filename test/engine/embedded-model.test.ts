import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import { suite } from '../support/suite.js';
import { model } from './model.js';

const test = suite('embedded engine, compared with the domain');

model(test, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-'));
  let ahead = 0;
  // Time can jump; timers go on as ever.
  const clock: Clock = { ...realClock, now: () => realClock.now() + ahead };
  const engine = await openEmbedded({ dataDir, clock });
  return {
    engine,
    async pass(noso, ms) {
      // What is under way when time jumps would seem to have hung.
      await engine.tail(noso, null);
      ahead += ms;
      return 0;
    },
    async close() {
      await engine.close();
      await rm(dataDir, { recursive: true });
    },
  };
});
