import type { IncomingMessage, RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that may be under way at once, as a rule. Browsers and proxies send one. */
const MOST = 100;

/**
 * Hangs up on whoever sends requests without reading the answers (F4). Node stops reading once an
 * answer waits to be read, but of what it has read by then it makes requests, and answers, each
 * of which takes kilobytes: a thousand and more of a single packet. `isHasty`: who has no business to
 * send a second request before the first is answered.
 */
export function boundPipelining(
  isHasty: (request: IncomingMessage) => boolean,
  listener: RequestListener,
): RequestListener {
  const underWay = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request; // afterwards the request may have let go of it
    if (socket.destroyed) return; // what was read with the request that it was hung up on for
    const others = underWay.get(socket) ?? 0;
    if (others >= MOST || (others > 0 && isHasty(request))) {
      readNoMore(socket);
      socket.destroy();
      return;
    }
    underWay.set(socket, others + 1);
    response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    listener(request, response);
  };
}

/** What Node's parser is told of what is no HTTP any more. */
const NO_HTTP = 2;

/**
 * Node makes a request, an answer and an error of all that the same packet holds, whatever becomes of the
 * connection: a hundred times what hanging up costs. Without its parser's hook it would do that again.
 */
function readNoMore(socket: Socket): void {
  const { parser } = socket as { parser?: { onIncoming?: () => number } | null };
  if (parser) parser.onIncoming = () => NO_HTTP;
}
