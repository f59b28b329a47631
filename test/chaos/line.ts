import { WebSocket } from 'ws';

/** A connection to one namespace, by hand, as light as can be. */
export type Line = {
  /** Asks for something to be acknowledged. */
  send: (event: string) => void;
  /** Reads no more, and says nothing: a phone out of reach, whose connection nobody ends. */
  vanish: () => void;
  /** Ends at once, without a word. */
  drop: () => void;
};

/** How long a connection may take to be answered. */
const PATIENCE = 4000;

/** Opens it. `end` is called once, with what was refused, or null. */
export function openLine(
  url: string,
  namespace: '/wall' | '/phone',
  auth: object,
  on: {
    event: (name: string, payload: unknown) => void;
    ack?: (answer: unknown) => void;
    end: (refused: string | null) => void;
  },
): Line {
  const ws = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
  });
  let ended = false;
  const end = (refused: string | null) => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    ws.terminate();
    on.end(refused);
  };
  const timer = setTimeout(() => end(null), PATIENCE);
  ws.on('error', () => end(null));
  ws.on('close', () => end(null));
  ws.on('message', (data) => {
    const text = String(data);
    const payload = (from: string) => JSON.parse(text.slice(text.indexOf(from))) as unknown;
    if (ended) return;
    if (text === '2') ws.send('3');
    else if (text.startsWith('0')) ws.send(`40${namespace},${JSON.stringify(auth)}`);
    else if (text.startsWith('40')) clearTimeout(timer);
    else if (text.startsWith('44')) {
      end((payload('{') as { data?: { code: string } }).data?.code ?? 'refused');
    } else if (text.startsWith('42')) {
      const [name, frame] = payload('[') as [string, unknown];
      on.event(name, frame);
    } else if (text.startsWith('43')) on.ack?.((payload('[') as unknown[])[0]);
  });
  return {
    send: (event) => ws.send(`42${namespace},0["${event}"]`),
    vanish: () => ws.pause(),
    drop: () => end(null),
  };
}
