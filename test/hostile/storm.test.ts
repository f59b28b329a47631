import * as assert from 'uvu/assert';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { castOn, type Kind, runStorm } from './storm.js';
import { unhurt, watch } from './unhurt.js';

const test = suite('hostile: a storm from a seed');

/** More of them, from any seed: `npm run hostile`. */
const seed = 20260601;
const SLICE: Record<Kind, number> = { frames: 1000, requests: 1500 };

test(
  `F4 S1 A1 ${SLICE.frames} connections and ${SLICE.requests} requests that mean ill: each is answered or hung up on, nobody else is told anything`,
  served(async (server, api) => {
    const cast = await castOn(api);
    const watched = await watch(server, api);
    for (const kind of Object.keys(SLICE) as Kind[]) {
      const { words, wrong } = await runStorm(server, cast, { kind, seed, cases: SLICE[kind] });
      assert.equal(wrong, []);
      const all = [...words.values()].reduce((sum, count) => sum + count, 0);
      assert.is(all, SLICE[kind]);
      assert.ok(words.size >= 5, 'of every kind');
    }
    assert.equal(await unhurt(server, api, watched), []);
  }),
  { deadline: 200_000 },
);
