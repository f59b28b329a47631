import type { IncomingMessage } from 'node:http';
import { Refusal } from '../../domain/errors.js';
import { BODY } from '../../protocol/bounds.js';

/**
 * A request's body, parsed as JSON; an empty one is `{}`. Refuses `too_large` as soon as it is, and
 * `bad_request` what is no JSON object or array.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > BODY) throw tooLarge(request);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY) throw tooLarge(request);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('bad_request', 'the body broke off'); // as did whoever sent it
  }
  if (length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse((chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))?.toString() ?? '');
  } catch {
    body = null;
  }
  if (typeof body !== 'object' || body === null) {
    throw new Refusal('bad_request', 'the body must be a JSON object');
  }
  return body;
}

/** The rest of it is let go by unread; the connection closes after the answer. */
function tooLarge(request: IncomingMessage): Refusal {
  request.resume();
  return new Refusal('too_large', 'bodies may be 16 KiB');
}
