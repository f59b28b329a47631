import { spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { until } from '../measure/proc.js';
import { onExit } from './exit.js';

export type Running = {
  pid: number;
  /** The end of what it said, both streams. */
  said(): string;
  /** True as long as it runs. */
  runs(): boolean;
  /** Ends it: politely, or without a word where nothing is to be kept. */
  stop(how?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
};

const KEPT = 4000;
/** After SIGTERM; then SIGKILL. ms. */
const GRACE = 12_000;

/** Starts a program of which `ready` tells, from what it said or by asking it, that it serves. */
export async function start(
  program: string,
  given: string[],
  env: Record<string, string>,
  ready: (said: string) => boolean | Promise<boolean>,
): Promise<Running> {
  const child = spawn(program, given, {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = onExit(() => child.kill('SIGKILL'));
  child.once('exit', gone);
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + String(chunk)).slice(-KEPT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const runs = () => child.exitCode === null && child.signalCode === null;
  const stop = (how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') =>
    new Promise<void>((resolve) => {
      if (!runs()) return resolve();
      const limit = setTimeout(() => child.kill('SIGKILL'), GRACE);
      child.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      child.kill(how);
    });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  const name = `${program} ${given.join(' ')}`;
  try {
    const serves = until(`${name} serves`, 30_000, async () => {
      if (!runs()) throw new Error(`${name} ended:\n${said}`);
      return ready(said);
    });
    await Promise.race([serves, failed]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid as number, said: () => said, runs, stop };
}

/** A port on 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
