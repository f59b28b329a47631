import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';

/** What belongs to the offer, and goes with it. */
const OFFER = new Set(['upgrade', 'http2-settings']);

/** The longest body that is put back, in bytes: some more than any route takes. */
const LONGEST = 64 * 1024;
/** How long it may take to come, ms. */
const PATIENCE = 10_000;

/** Whether this is an offer that we take: any other is as if it had not been made (F10). */
export const isWebSocket = ({ headers }: IncomingMessage): boolean =>
  (headers.upgrade ?? '').split(',').some((each) => each.trim().toLowerCase() === 'websocket');

/**
 * Answers a request as if it had offered no upgrade. Node hands whatever has `Upgrade` to one
 * listener, its body unread (Java's client and curl offer HTTP/2 that way): its head goes back
 * without the offer, and the connection is served as a new one, by the ordinary listener.
 */
export function decline(
  http: HttpServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const ahead = (socket as { _httpMessage?: ServerResponse | null })._httpMessage;
  if (ahead) {
    // Answers leave in order, and nothing public says whose turn it is.
    ahead.once('finish', () => decline(http, request, socket, head));
    return;
  }
  // Until Node 24 the body is in `head`, or comes on the connection; from 26 on it is the request's.
  const body: Buffer[] = [];
  let length = 0;
  const late = setTimeout(() => socket.destroy(), PATIENCE);
  socket.once('close', () => clearTimeout(late));
  request.on('data', (chunk: Buffer) => {
    body.push(chunk);
    length += chunk.length;
    if (length > LONGEST) socket.destroy();
  });
  request.once('end', () => {
    clearTimeout(late);
    if (socket.destroyed) return;
    socket.unshift(Buffer.concat([Buffer.from(headOf(request), 'latin1'), ...body, head]));
    http.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket);
  });
}

/** The request's head as it came, but for the offer. */
function headOf({ method, url, httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let k = 0; k < rawHeaders.length; k += 2) {
    const [name, value] = rawHeaders.slice(k, k + 2) as [string, string];
    const kept = name.toLowerCase() === 'connection' ? withoutOffer(value) : value;
    if (!OFFER.has(name.toLowerCase()) && kept !== '') lines.push(`${name}: ${kept}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

const withoutOffer = (connection: string): string =>
  connection
    .split(',')
    .map((each) => each.trim())
    .filter((each) => !OFFER.has(each.toLowerCase()))
    .join(', ');
