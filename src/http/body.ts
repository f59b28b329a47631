import type { IncomingMessage } from 'node:http';
import { Refusal } from '../domain/errors.js';
import { BODY } from '../protocol/bounds.js';
import { readOnce } from './jsonText.js';

/** What a body may be. `most` is in bytes. */
type Expected = { types: RegExp; named: string; most: number };

/** JSON, a merge patch, or whatever else says that it is JSON, or says nothing. */
const JSON_TYPES = /^((application|text)\/([\w.-]+\+)?json)?$/;
const FORM_TYPES = /^application\/x-www-form-urlencoded$/;

/** A request's body, parsed as JSON; an empty one is `{}`. `bad_request` for what is no object. */
export async function readJson(request: IncomingMessage, most = BODY): Promise<unknown> {
  const text = await readText(request, { types: JSON_TYPES, named: 'application/json', most });
  if (text === '') return {};
  const body = readOnce(text);
  if (typeof body !== 'object' || body === null) {
    throw new Refusal('bad_request', 'the body must be a JSON object');
  }
  return body;
}

/** The fields of a form; of one that stands twice, the first. */
export async function readForm(request: IncomingMessage): Promise<Map<string, string>> {
  const text = await readText(request, {
    types: FORM_TYPES,
    named: 'application/x-www-form-urlencoded',
    most: BODY,
  });
  try {
    decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, '%25'));
  } catch {
    throw notUtf8(); // another charset's bytes, in per cent
  }
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (!fields.has(name)) fields.set(name, value);
  }
  return fields;
}

/**
 * A body as text, without its byte-order mark. Refuses `unsupported` by what the head says, without
 * looking inside; `too_large` as soon as it is; and what is not UTF-8.
 */
async function readText(request: IncomingMessage, expected: Expected): Promise<string> {
  const { headers } = request;
  const length = Number(headers['content-length'] ?? 0);
  if (length === 0 && headers['transfer-encoding'] === undefined) return '';
  const { most } = expected;
  const odd = unsupported(headers, expected);
  if (odd) throw unread(request, odd);
  if (length > most) throw unread(request, tooLarge(most));
  const chunks: Buffer[] = [];
  let read = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      read += chunk.length;
      if (read > most) throw unread(request, tooLarge(most));
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('bad_request', 'the body broke off'); // as did whoever sent it
  }
  try {
    return utf8.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  } catch {
    throw notUtf8();
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Why a body is not looked into, by what its head says; null if it is. */
function unsupported(
  headers: IncomingMessage['headers'],
  { types, named }: Expected,
): Refusal | null {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((each) => each.trim());
  if (encodings.some((each) => each !== '' && each.toLowerCase() !== 'identity')) {
    return new Refusal('unsupported.encoding', 'Content-Encoding: bodies are not compressed');
  }
  const said = headers['content-type'] ?? '';
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(said)?.[1];
  if (charset && !/^(utf-?8|(us-)?ascii)$/i.test(charset)) {
    return new Refusal('unsupported.charset', 'Content-Type: bodies are UTF-8');
  }
  const type = (said.split(';', 1)[0] as string).trim().toLowerCase();
  return types.test(type)
    ? null
    : new Refusal('unsupported.type', `Content-Type: ${named} is needed`);
}

const notUtf8 = () => new Refusal('unsupported.charset', 'the body is not UTF-8');
const tooLarge = (most: number) =>
  new Refusal('too_large', `bodies may be ${Math.floor(most / 1024)} KiB`);

/** The rest of it is let go by unread. */
function unread(request: IncomingMessage, refusal: Refusal): Refusal {
  request.resume();
  return refusal;
}
