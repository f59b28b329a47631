import type { ServerResponse } from 'node:http';
import { ERRORS, Refusal } from '../domain/errors.js';

/** What went wrong, in the table's words. What the table has no word for is a fault of ours. */
export function asRefusal(error: unknown, onError: (error: unknown) => void): Refusal {
  if (error instanceof Refusal) return error;
  const status = statusOf(error);
  if (status === 404) return new Refusal('not_found', 'no such address');
  if (status === 413) return new Refusal('too_large', 'bodies may be 16 KiB');
  if (status !== null && status >= 400 && status < 500) {
    return new Refusal('bad_request', 'the address must be well formed');
  }
  onError(error);
  return new Refusal('unavailable', undefined, 3);
}

/** The status that express puts on errors of the client's making. */
const statusOf = (error: unknown): number | null =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  typeof error.status === 'number'
    ? error.status
    : null;

/** Answers with a refusal as RFC 9457 has it. */
export function sendProblem(response: ServerResponse, refusal: Refusal): void {
  const { status } = ERRORS[refusal.code];
  const { code, detail, retryAfter } = refusal;
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  const body = {
    type: 'about:blank',
    title: code,
    status,
    code,
    ...(detail === undefined ? {} : { detail }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...refusal.also,
  };
  sendJson(response, status, body, 'application/problem+json; charset=utf-8');
}

/** Answers with JSON, or with nothing where there is no body. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body?: unknown,
  type = 'application/json; charset=utf-8',
): void {
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
