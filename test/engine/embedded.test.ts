import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import { contract } from './contract.js';

contract('embedded', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-'));
  const open = () => openEmbedded({ dataDir, clock: realClock });
  let engine = await open();
  return {
    engine,
    async restart() {
      await engine.close();
      engine = await open();
      return engine;
    },
    async stop() {
      await engine.close();
      await rm(dataDir, { recursive: true });
    },
  };
});
