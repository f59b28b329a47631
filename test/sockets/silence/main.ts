// `npm run silence`: pairs of runs over files and over Redis, as many as are asked for (`NOSO_PAIRS`),
// from a seed (`NOSO_SEED`). Words after it choose: `files`, `redis`.
import { startRedis } from '../../support/redis.js';
import { type Outcome, runPairs } from './pairs.js';

const pairs = Number(process.env.NOSO_PAIRS ?? 2000);
const seed = Number(process.env.NOSO_SEED ?? 20260601);
const words = process.argv.slice(2);

const ENGINES: Record<string, () => Promise<Outcome>> = {
  files: () => runPairs({ pairs, together: 40, seed }),
  async redis() {
    const redis = await startRedis();
    try {
      return await runPairs({ pairs, together: 100, seed, redis: redis.url });
    } finally {
      await redis.stop();
    }
  },
};

for (const [name, run] of Object.entries(ENGINES)) {
  if (words.length > 0 && !words.includes(name)) continue;
  const began = Date.now();
  const { pairs: done, frames, differences } = await run();
  const seconds = Math.round((Date.now() - began) / 1000);
  console.log(
    `${name}: ${done} pairs from seed ${seed}, ${frames} frames and answers, ${seconds} s`,
  );
  for (const each of differences) console.log(`  DIFFERS: ${JSON.stringify(each)}`);
  if (differences.length > 0) process.exitCode = 1;
}
