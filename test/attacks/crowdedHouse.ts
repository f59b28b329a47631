// A data folder in which many NoSos are open, at a venue each, written before a server is started on it.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import { startServer, type TestServer } from '../support/server.js';

/** Written at once. */
const BATCH = 10;

/** A server where `count` NoSos are open: `noso0`, `noso1` and so on. */
export async function startCrowded(
  count: number,
  env: Record<string, string> = {},
): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-test-'));
  const engine = await openEmbedded({ dataDir, clock: realClock });
  const now = engine.now();
  const one = async (k: number) => {
    const venue = `venue${k}`;
    const noso = `noso${k}`;
    await engine.save('venue', venue, {
      ...{ id: venue, name: `Café ${k}`, city: 'Lyon' },
      ...{ timeZone: 'Europe/Paris', language: 'fr' },
    });
    await engine.save('noso', noso, {
      ...{ id: noso, venue, title: 'Une heure pour rien' },
      ...{ startsAt: now - 60_000, endsAt: now + 3_600_000, gather: 0, opens: 'organizer' },
      ...{ capacity: null, entry: 'code', show: 'numbers', pocket: null, veil: 5 },
      life: { is: 'scheduled' },
    });
    await engine.command(noso, { do: 'open', by: 'organizer' });
  };
  for (let k = 0; k < count; k += BATCH) {
    const size = Math.min(BATCH, count - k);
    await Promise.all(Array.from({ length: size }, (_, i) => one(k + i)));
  }
  await engine.close();
  return startServer(env, { dataDir });
}
