import { WebSocket } from 'ws';
import { until } from './proc.js';

/** The inspector of a running process. */
export type Inspector = {
  ask(method: string, params?: object): Promise<unknown>;
  close(): void;
};

/**
 * Opens the inspector of a running process, as SIGUSR1 does. `said` is where the process says its
 * address.
 */
export async function inspect(pid: number, said: () => string): Promise<Inspector> {
  process.kill(pid, 'SIGUSR1');
  const address = () => /Debugger listening on (ws:\S+)/.exec(said())?.[1];
  await until('the inspector listens', 5000, async () => address() !== undefined);
  const socket = new WebSocket(address() ?? '');
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let last = 0;
  return {
    ask: (method, params = {}) =>
      new Promise((resolve) => {
        const id = ++last;
        socket.on('message', function answer(data) {
          const { id: of, result } = JSON.parse(String(data)) as { id: number; result: unknown };
          if (of !== id) return;
          socket.off('message', answer);
          resolve(result);
        });
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => socket.close(),
  };
}

/** What the heap of a process holds once its garbage is collected, in bytes. */
export async function heapOf({ ask }: Pick<Inspector, 'ask'>): Promise<number> {
  await ask('HeapProfiler.collectGarbage');
  const { usedSize } = (await ask('Runtime.getHeapUsage')) as { usedSize: number };
  return usedSize;
}
