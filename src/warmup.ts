import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { realClock } from './clock.js';
import type { Noso, Venue } from './domain/noso.js';
import { openEmbedded } from './engine/embedded.js';
import type { Engine } from './engine/engine.js';
import { newId } from './transport/identity.js';
import type { Tokens } from './transport/tokens.js';

/** Phones that are seated at once, and how many in all: after some hundreds the code is compiled. */
const AT_ONCE = 16;
const PHONES = 1200;

/**
 * Seats phones that do not exist at a NoSo that does not, in a scratch server beside the real one,
 * so that the code on the path of a join has been compiled before the doors open: a cold process
 * spends twice as long on each join. Stops after `budget` ms. Nothing of it is left.
 */
export async function warmUp(deps: {
  budget: number;
  tokens: Tokens;
  /** A whole server over the given engine, on a free port of the loopback. */
  serve: (engine: Engine) => { listen: () => Promise<number>; close: () => Promise<void> };
}): Promise<number> {
  const end = realClock.now() + deps.budget;
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-warm-up-'));
  const engine = await openEmbedded({ dataDir, clock: realClock });
  const server = deps.serve(engine);
  try {
    const noso = await openScratch(engine);
    const port = await server.listen();
    const numbers = await engine.draw(PHONES);
    let seated = 0;
    const lane = async () => {
      for (let n = numbers.pop(); n !== undefined && realClock.now() < end; n = numbers.pop()) {
        const pass = deps.tokens.entry(noso.id, realClock.now(), noso.startsAt);
        await sit(port, { token: deps.tokens.number(n), pass });
        seated += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return seated;
  } finally {
    await server.close();
    await engine.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function openScratch(engine: Engine): Promise<Noso> {
  const now = engine.now();
  const venue: Venue = { id: newId(), name: '-', city: '-', timeZone: 'UTC', language: 'en' };
  const noso: Noso = {
    id: newId(),
    venue: venue.id,
    title: '-',
    startsAt: now,
    endsAt: now + 600_000,
    capacity: null,
    entry: 'code',
    show: 'numbers',
    pocket: null,
    veil: 5,
    opens: 'organizer',
    life: { is: 'scheduled' },
  };
  await engine.save('venue', venue.id, venue);
  await engine.save('noso', noso.id, noso);
  return engine.command(noso.id, { do: 'open', by: 'organizer' });
}

/** One phone: connects, is seated, and lets go. Rejects if it is refused. */
function sit(port: number, auth: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const phone = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`, {
      perMessageDeflate: false,
    });
    phone.on('error', reject);
    phone.on('close', () => reject(new Error('warm-up: refused')));
    phone.on('message', (data: Buffer) => {
      if (data[0] === 0x30) phone.send(`40/phone,${JSON.stringify(auth)}`);
      if (!data.includes('"seated"')) return;
      resolve();
      phone.close();
    });
  });
}
