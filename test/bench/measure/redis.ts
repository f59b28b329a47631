import { Redis } from 'ioredis';
import { cpuOf } from './proc.js';

/** What a Redis did so far. */
export type RedisWork = {
  /** CPU ms. */
  cpu: number;
  /** Scripts run, called from outside. */
  scripts: number;
  /** Commands, those inside scripts included. */
  commands: number;
  /** Times that it read from a socket: what came together in one read is one round trip. */
  reads: number;
  /** Bytes that its data takes. */
  memory: number;
};

/** Reads a Redis' work. */
export async function workOf(redis: { pid: number; port: number }): Promise<RedisWork> {
  const client = new Redis({ port: redis.port, host: '127.0.0.1', lazyConnect: true });
  try {
    await client.connect();
    const sections = ['stats', 'commandstats', 'memory'];
    const info = (await Promise.all(sections.map((section) => client.info(section)))).join('\n');
    const figure = (name: string) =>
      Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    const calls = [...info.matchAll(/^cmdstat_(?:evalsha|eval|fcall)[^:]*:calls=(\d+)/gm)];
    return {
      cpu: await cpuOf([redis.pid]),
      scripts: calls.reduce((sum, call) => sum + Number(call[1]), 0),
      commands: figure('total_commands_processed'),
      reads: figure('total_reads_processed'),
      memory: figure('used_memory'),
    };
  } finally {
    client.disconnect();
  }
}

/** What was done from `before` to `after`, per operation; CPU in µs. */
export const spent = (before: RedisWork, after: RedisWork, operations: number) => ({
  cpu: ((after.cpu - before.cpu) * 1000) / operations,
  scripts: (after.scripts - before.scripts) / operations,
  commands: (after.commands - before.commands) / operations,
  reads: (after.reads - before.reads) / operations,
});
export type RedisFigures = ReturnType<typeof spent>;
