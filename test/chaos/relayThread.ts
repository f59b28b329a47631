// The thread of a relay: carries bytes between whoever connects and the server at a port, as the
// weather has it. It says its own port once it listens.
import { connect, createServer, type Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import type { Weather } from './relay.js';

let weather: Weather = 'clear';
const pairs = new Set<[Socket, Socket]>();

const server = createServer((near) => {
  if (weather === 'cut') {
    near.resetAndDestroy();
    return;
  }
  const far = connect(Number(workerData), '127.0.0.1');
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
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') parentPort?.postMessage(address.port);
});

parentPort?.on('message', (next: Weather) => {
  if (weather === 'lost' || next === 'cut') {
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
  }
  for (const socket of [...pairs].flat()) {
    if (next === 'mute') socket.pause();
    else if (weather === 'mute') socket.resume();
  }
  weather = next;
});
