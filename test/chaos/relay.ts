import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * What happens to bytes between a node and Redis: they pass; nothing passes yet; questions pass and
 * answers are dropped; or nobody is let in.
 */
export type Weather = 'clear' | 'mute' | 'lost' | 'cut';

export type Relay = {
  url: string;
  /** Changes what happens. After answers were lost, and when cutting, connections are reset. */
  set: (weather: Weather) => void;
  stop: () => Promise<void>;
};

/**
 * A TCP proxy on 127.0.0.1 before the server at `port`. It has a thread of its own: behind the people
 * of a run, in theirs, a busy machine's bytes would come too late for every node at once, for good.
 */
export async function startRelay(port: number): Promise<Relay> {
  const thread = new Worker(new URL('./relayThread.js', import.meta.url), { workerData: port });
  const [own] = await once(thread, 'message');
  return {
    url: `redis://127.0.0.1:${own}`,
    set: (weather) => thread.postMessage(weather),
    stop: async () => void (await thread.terminate()),
  };
}
