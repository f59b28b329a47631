import { WebSocket } from 'ws';
import { until } from '../measure/proc.js';

/** A V8 CPU profile, as the inspector gives it. */
export type CpuProfile = {
  nodes: {
    id: number;
    callFrame: { functionName: string; url: string; lineNumber: number };
    children?: number[];
  }[];
  samples: number[];
  /** µs between a sample and the one before. */
  timeDeltas: number[];
};

const INTERVAL_US = 100;

/**
 * Opens the inspector of a running process, as SIGUSR1 does, and returns what starts a profile of
 * its main thread and what ends it. `said` is where the process says its address.
 */
export async function attach(pid: number, said: () => string) {
  process.kill(pid, 'SIGUSR1');
  const address = () => /Debugger listening on (ws:\S+)/.exec(said())?.[1];
  await until('the inspector listens', 5000, async () => address() !== undefined);
  const socket = new WebSocket(address() ?? '');
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let last = 0;
  const ask = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      const id = ++last;
      socket.on('message', function answer(data) {
        const { id: of, result } = JSON.parse(String(data)) as { id: number; result: unknown };
        if (of !== id) return;
        socket.off('message', answer);
        resolve(result);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  await ask('Profiler.enable');
  await ask('Profiler.setSamplingInterval', { interval: INTERVAL_US });
  return {
    start: () => ask('Profiler.start'),
    async stop(): Promise<CpuProfile> {
      const { profile } = (await ask('Profiler.stop')) as { profile: CpuProfile };
      socket.close();
      return profile;
    },
  };
}
