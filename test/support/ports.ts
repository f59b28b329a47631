// Ports for what is started later, by another process. One that merely was free a moment ago may be
// given to somebody else until then: on a busy machine that is seconds, in which other test files draw
// theirs, and whoever waits for a server to be ready would hear somebody else's.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Below what kernels give of themselves (Linux from 32,768, others from 49,152); and a Redis Cluster's
 * buses, 10,000 above, are out of everybody's way too. Above 10,080, the last of those that `fetch` and
 * browsers never open (fetch.spec.whatwg.org, "bad port").
 */
const FIRST = 11_000;
const COUNT = 9_000;

/**
 * A port of 127.0.0.1 that is free, and which no other process that asks here is given as long as this
 * one lives: it holds the datagram port of the same number, which nobody uses.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if ((await hold(port)) && (await isFree(port))) return port;
  }
}

function hold(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const mark = createSocket('udp4');
    mark.once('error', () => mark.close(() => resolve(false)));
    mark.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
    mark.unref();
  });
}

/** Whether nothing listens there. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
