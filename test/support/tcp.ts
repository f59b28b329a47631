// Bytes on a bare TCP connection, and what came of them.

import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { machineTime } from './machineTime.js';
import type { TestServer } from './server.js';
import { until } from './wait.js';

export type Exchange = {
  /** What came back, as latin1. */
  answer: string;
  /** Whether the other side closed the connection. */
  closed: boolean;
  /** How long it took, in the machine's time. */
  ms: number;
};

/**
 * Sends pieces one after the other and resolves when the other side has closed, or, with `until`,
 * when what came back is enough; at the latest after `deadline` ms.
 */
export function exchange(
  port: number,
  pieces: readonly (string | Buffer)[],
  options: {
    until?: (answer: string) => boolean;
    deadline?: number;
    /** How long to wait for more after the first of an answer, in ms. */
    linger?: number;
    from?: string;
  } = {},
): Promise<Exchange> {
  const { until: enough, deadline = 5000, linger, from } = options;
  return new Promise((resolve) => {
    const began = machineTime();
    let answer = '';
    const socket = connect({ port, host: '127.0.0.1', ...(from ? { localAddress: from } : {}) });
    const finish = (closed: boolean) => {
      clearTimeout(limit);
      socket.destroy();
      resolve({ answer, closed, ms: machineTime() - began });
    };
    const late = () => {
      const left = deadline - (machineTime() - began);
      if (left <= 0) finish(false);
      else limit = setTimeout(late, left);
    };
    let limit = setTimeout(late, deadline);
    socket.on('data', (data) => {
      if (answer === '' && linger !== undefined) setTimeout(() => finish(false), linger);
      answer += data.toString('latin1');
      if (enough?.(answer)) finish(false);
    });
    socket.on('error', () => {}); // a reset is an answer: `close` follows
    socket.on('close', () => finish(true));
    for (const piece of pieces) socket.write(piece);
  });
}

/** A connection that says `bytes` and then neither speaks, nor reads, nor closes. */
export function hold(port: number, bytes: string | Buffer = ''): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.off('error', reject);
      socket.on('error', () => {});
      if (bytes.length > 0) socket.write(bytes);
      socket.pause();
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

export const upgradeRequest = (path = '/socket.io/?EIO=4&transport=websocket', more = '') =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;

/** One of the server's own figures, as /metrics gives it. */
export async function metric(server: TestServer, name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (!line) throw new Error(`no metric ${name}`);
  return Number(line.slice(name.length));
}

/** Resident memory of the server, in bytes. */
export const memoryOf = (server: TestServer) => metric(server, 'process_resident_memory_bytes');

/** How many sockets and files the server has open. */
export async function openFiles(server: TestServer): Promise<number> {
  return (await readdir(`/proc/${server.child().pid}/fd`)).length;
}

/** Throws unless the server lives, has logged no fault, and seats somebody. */
export async function wellAfterwards(server: TestServer): Promise<void> {
  const health = await fetch(`${server.url}/healthz`);
  if (!health.ok || server.child().exitCode !== null) {
    throw new Error(`the server is gone: ${health.status}, ${server.output().slice(-2000)}`);
  }
  const faults = server.output().match(/^.*"(fault|unhandled)".*$/m);
  if (faults) throw new Error(`the server logged ${faults[0]}`);
  const others = server.output().match(/^\s+at .*$/m);
  if (others) throw new Error(`the server printed a stack trace:\n${server.output()}`);
  await until(async () => (await metric(server, 'noso_errors_total')) === 0, { deadline: 1000 });
}
