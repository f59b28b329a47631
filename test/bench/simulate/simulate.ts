import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onExit } from '../contestants/exit.js';
import { startRedis } from '../contestants/redis.js';
import type { Scenario, ScenarioFigures } from './scenario.js';

export type EngineName = 'embedded' | 'redis';
export type Simulated = { engine: EngineName; nosos: number; seats: number } & ScenarioFigures;

/** Plays one scenario in a process of its own, on a folder of its own. */
export async function simulate(
  engine: EngineName,
  nosos: number,
  seats: number,
): Promise<Simulated> {
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-simulate-'));
  const swept = onExit(() => rmSync(dataDir, { recursive: true, force: true }));
  const redis = engine === 'redis' ? await startRedis(dataDir) : null;
  try {
    const where = redis && { port: redis.port, pid: redis.pid };
    const figures = await play({ dataDir, redis: where, nosos, seats });
    return { engine, nosos, seats, ...figures };
  } finally {
    await redis?.stop();
    await rm(dataDir, { recursive: true, force: true });
    swept();
  }
}

type Answer = { figures: ScenarioFigures } | { error: string };

function play(scenario: Scenario): Promise<ScenarioFigures> {
  const file = fileURLToPath(new URL('./scenario.js', import.meta.url));
  const child = fork(file, { execArgv: ['--expose-gc', '--enable-source-maps'] });
  return new Promise((resolve, reject) => {
    child.once('message', (answer: Answer) => {
      if ('figures' in answer) resolve(answer.figures);
      else reject(new Error(answer.error));
    });
    child.once('exit', (code) => reject(new Error(`the scenario ended with ${code}`)));
    child.send(scenario);
  });
}
