import { connect, createServer, type Socket } from 'node:net';

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

/** A TCP proxy on 127.0.0.1 before the server at `port`. */
export async function startRelay(port: number): Promise<Relay> {
  let weather: Weather = 'clear';
  const pairs = new Set<[Socket, Socket]>();

  const server = createServer((near) => {
    if (weather === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (weather !== 'lost') near.write(bytes);
    });
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        pairs.delete(pair);
        for (const each of pair) each.destroy();
      });
      if (weather === 'mute') socket.pause();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');

  const reset = () => {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  };
  return {
    url: `redis://127.0.0.1:${address.port}`,
    set(next) {
      if (weather === 'lost' || next === 'cut') reset();
      for (const socket of [...pairs].flat()) {
        if (next === 'mute') socket.pause();
        else if (weather === 'mute') socket.resume();
      }
      weather = next;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      reset();
      await closed;
    },
  };
}
