import type { ServerResponse } from 'node:http';
import type { Refusal } from '../domain/errors.js';
import { problemOf } from '../service/refusals.js';

/** Answers with a refusal as RFC 9457 has it. */
export function sendProblem(response: ServerResponse, refusal: Refusal): void {
  const { retryAfter } = refusal;
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  const problem = problemOf(refusal);
  sendJson(response, problem.status, problem, 'application/problem+json; charset=utf-8');
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
  sendText(response, status, JSON.stringify(body), type);
}

/** Answers with a text of some type. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  type: string,
): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
