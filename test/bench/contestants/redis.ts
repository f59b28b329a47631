import { freePort, start } from './process.js';

export type RedisServer = { pid: number; port: number; stop(): Promise<void> };

/** A Redis of its own that writes its log once a second, in `folder`. */
export async function startRedis(folder: string): Promise<RedisServer> {
  const port = await freePort();
  const settings = { port, bind: '127.0.0.1', dir: folder, appendonly: 'yes', save: '' };
  const running = await start(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    {},
    (said) => said.includes('Ready to accept connections'),
  );
  return { pid: running.pid, port, stop: running.stop };
}
