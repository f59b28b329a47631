// `npm run hostile`: as many seeded frames and requests as are asked for, and whether the server was
// well afterwards. `npm run hostile -- frames 4711` is one case again, with its bytes.
import { apiOf } from '../support/api.js';
import { startServer } from '../support/server.js';
import { castOn, type Kind, runCase, runStorm } from './storm.js';
import { unhurt, watch } from './unhurt.js';

const seed = Number(process.env.NOSO_SEED ?? 20260601);
const cases = Number(process.env.NOSO_CASES ?? 100_000);
const [kind, k] = process.argv.slice(2);

const server = await startServer();
try {
  const api = apiOf(server.url, server.owner);
  const cast = await castOn(api);
  if (k !== undefined) {
    const outcome = await runCase(server, cast, { kind: kind as Kind, seed, k: Number(k) });
    console.log(outcome.bytes.toString('latin1'));
    console.log(`${outcome.word}: ${outcome.wrong ?? 'as it should be'}`);
  }
  const kinds: Kind[] = k !== undefined ? [] : kind ? [kind as Kind] : ['frames', 'requests'];
  for (const each of kinds) {
    const watched = await watch(server, api);
    const began = Date.now();
    const { words, wrong } = await runStorm(server, cast, { kind: each, seed, cases });
    const seconds = Math.round((Date.now() - began) / 1000);
    const by = [...words].sort(([, one], [, other]) => other - one);
    const all = by.reduce((sum, [, count]) => sum + count, 0);
    console.log(`${all} ${each} from seed ${seed} in ${seconds} s`);
    console.log(`  ${by.map(([word, count]) => `${word} ${count}`).join(', ')}`);
    wrong.push(...(await unhurt(server, api, watched)));
    for (const one of wrong) console.log(`  WRONG: ${one}`);
    if (wrong.length > 0) process.exitCode = 1;
  }
} finally {
  await server.stop();
}
