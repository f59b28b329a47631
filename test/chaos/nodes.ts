import { machineTime } from '../support/machineTime.js';
import { startServer, type TestServer } from '../support/server.js';
import type { Clocks } from './clocks.js';
import type { History, Incarnation } from './history.js';
import type { Store } from './stores.js';

/** How long a node may take to be ready again, the store's own outages included; ms of the machine's time. */
const READY = 60_000;

/** A node, and which of its processes is the present one. */
export type Node = {
  url: string;
  server: TestServer;
  now: () => Incarnation;
  /** One thing at a time is done to its process. */
  turn: (work: () => Promise<void>) => Promise<void>;
  kill: () => Promise<void>;
  /** Starts it again, however often that takes. */
  revive: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Starts node `k`. A process that ends without being told to is written down as wrong. */
export async function startNode(
  k: number,
  options: { store: Store; clocks: Clocks | null; history: History },
): Promise<Node> {
  const { store, clocks, history } = options;
  const server = await startServer({ REDIS_URL: store.url(k), ...clocks?.env(k) });
  let now: Incarnation = { node: k, died: null };

  const watch = () => {
    const mine = now;
    const child = server.child();
    child.once('exit', (code) => {
      clocks?.gone(child.pid);
      if (mine.died !== null) return;
      mine.died = Date.now();
      history.wrong.push(`F1 node ${k} ended by itself (${code}): ${server.output().slice(-400)}`);
    });
  };
  watch();
  let last = Promise.resolve();
  return {
    url: server.url,
    server,
    now: () => now,
    turn(work) {
      const mine = last.then(work);
      last = mine.catch(() => {});
      return mine;
    },
    async kill() {
      now.died ??= Date.now();
      await server.kill();
    },
    async revive() {
      const end = machineTime() + READY;
      for (;;) {
        try {
          await server.restart();
          break;
        } catch (error) {
          // Without a Redis to be found a start fails, and whoever runs it tries again.
          await server.kill();
          clocks?.gone(server.child().pid);
          if (machineTime() > end) throw error;
        }
      }
      now = { node: k, died: null };
      watch();
    },
    async stop() {
      now.died ??= Date.now();
      await server.stop();
      clocks?.gone(server.child().pid);
    },
  };
}
