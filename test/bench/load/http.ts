import { connect } from 'node:net';
import { cpuMs, monotonic, type StormResult } from './phones.js';

export type HttpCall = {
  method: string;
  path: string;
  token?: string;
  body?: unknown;
};

export type HttpJob = {
  host: string;
  ports: number[];
  calls: HttpCall[];
  /** Connections kept alive; each carries one request at a time. */
  lanes: number;
};

/** What went well, in the order of the calls (null: it did not), and what did not. */
export type HttpResult = Omit<StormResult, 'acked' | 'numbers'> & { answers: unknown[] };

const PATIENCE = 20_000;

/** Makes the calls over kept-alive connections, HTTP/1.1 by hand. */
export async function callAll(job: HttpJob): Promise<HttpResult> {
  const result: HttpResult = {
    failures: {},
    startedAt: monotonic(),
    lastAckAt: 0,
    latency: [],
    pingInterval: null,
    answers: job.calls.map(() => null),
    cpu: cpuMs(),
  };
  let next = 0;
  const take = () => (next < job.calls.length ? next++ : null);
  const lanes = Math.min(job.lanes, job.calls.length);
  await Promise.all(Array.from({ length: lanes }, (_, lane) => drive(job, lane, take, result)));
  return { ...result, cpu: cpuMs() - result.cpu };
}

/** One connection, until there are no more calls. */
function drive(
  job: HttpJob,
  lane: number,
  take: () => number | null,
  result: HttpResult,
): Promise<void> {
  return new Promise((resolve) => {
    const host = job.host;
    const port = job.ports[lane % job.ports.length] as number;
    let current: number | null = null;
    let startedAt = 0;
    let received = '';
    const failed = (why: string) => {
      result.failures[why] = (result.failures[why] ?? 0) + 1;
    };
    const next = () => {
      current = take();
      if (current === null) {
        socket.end();
        return;
      }
      startedAt = monotonic();
      socket.write(request(job.calls[current] as HttpCall, `${host}:${port}`));
    };
    const socket = connect({ host, port, noDelay: true });
    socket.setEncoding('latin1');
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('no answer in time')));
    socket.on('connect', next);
    socket.on('data', (chunk: string) => {
      received += chunk;
      const answer = parse(received);
      if (answer === null || current === null) return;
      received = '';
      if (answer.status < 300) {
        result.answers[current] = answer.body === '' ? true : JSON.parse(answer.body);
        result.lastAckAt = monotonic();
        result.latency.push(result.lastAckAt - startedAt);
      } else failed(`${answer.status} ${answer.body}`);
      next();
    });
    socket.on('error', (error) => failed(error.message));
    socket.on('close', () => {
      if (current !== null) failed('the connection ended');
      resolve();
    });
  });
}

function request(call: HttpCall, host: string): string {
  const body = call.body === undefined ? '' : JSON.stringify(call.body);
  const bearer = call.token === undefined ? '' : `Authorization: Bearer ${call.token}\r\n`;
  return (
    `${call.method} ${call.path} HTTP/1.1\r\nHost: ${host}\r\n${bearer}` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** The one answer in `text`, or null while it is not all there. */
function parse(text: string): { status: number; body: string } | null {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const status = Number(text.slice(9, 12));
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  if (text.length < end + 4 + length) return null;
  return { status, body: text.slice(end + 4, end + 4 + length) };
}
