// Seats people in a folder that no server has open: `node seed.js <dataDir> <noso> <count>`.
import { realClock } from '../../../src/clock.js';
import { openEmbedded } from '../../../src/engine/embedded/openEmbedded.js';
import { seat } from '../simulate/engine.js';

const [dataDir = '', noso = '', count = ''] = process.argv.slice(2);
const engine = await openEmbedded({
  dataDir,
  clock: realClock,
  onError: (error) => console.error(error),
});
await seat(engine, [noso], Number(count), 200_000_000);
await engine.close();
