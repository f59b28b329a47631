// A process to be killed: it seats people without end on the embedded engine, and notes what it asks
// and what it was granted, a line each, written before it goes on. It begins when its input says so.
//
//   seater.js <data folder> <NoSo> <seed> <file for the notes>
import { once } from 'node:events';
import { openSync, writeSync } from 'node:fs';
import { realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import { asking } from './contract/cast.js';
import { seeded } from './seeded.js';

const [dataDir, noso, seed, file] = process.argv.slice(2) as [string, string, string, string];
const LANES = 24;
await once(process.stdin, 'data');
const random = seeded(Number(seed));
const notes = openSync(file, 'a');
const say = (what: string) => writeSync(notes, `${what}\n`);

const engine = await openEmbedded({ dataDir, clock: realClock });
const { seq, count } = await engine.tail(noso, null);
const { numbers } = await engine.seats(noso, engine.now());
say(`found ${JSON.stringify({ seq, count, numbers })}`);
process.stdout.write('ready\n');

async function lane(): Promise<never> {
  for (;;) {
    for (const number of await engine.draw(1 + Math.floor(random() * 8))) {
      say(`take? ${number}`);
      await engine.take(noso, asking(engine, number));
      say(`taken ${number}`);
      if (random() < 0.8) continue;
      say(`leave? ${number}`);
      await engine.leave(noso, number, null);
      say(`left ${number}`);
    }
  }
}
await Promise.all(Array.from({ length: LANES }, lane));
