/** What a phone shows to be let in. `pass` is ours alone. */
export type Credentials = { token: string; pass?: string };

/** What a frame from the server means to a phone. */
export type PhoneNews =
  | { is: 'nothing' }
  | { is: 'reply'; text: string }
  /** The join is acknowledged; `pass` and `number` where the answer carries them. */
  | { is: 'seated'; pass?: string; number?: string }
  | { is: 'refused'; why: string };

/** What a frame means to a wall. */
export type WallNews =
  | { is: 'nothing' }
  | { is: 'reply'; text: string }
  | { is: 'count'; count: number }
  | { is: 'snapshot'; count: number; numbers: string[] | null }
  | { is: 'numbers'; seated: string[]; gone: string[] }
  | { is: 'refused'; why: string };

/** How a contestant is spoken to. */
export type Dialect = {
  path: string;
  /** What a phone says once the WebSocket is open, if it speaks first. */
  phoneOpens(credentials: Credentials): string | null;
  phone(text: string, credentials: Credentials): PhoneNews;
  /** How a phone leaves, and whether that is the answer; null where there is no leaving. */
  leaving: { says: string; isAnswer(text: string): boolean } | null;
  wallOpens(token: string): string | null;
  wall(text: string, token: string): WallNews;
  /** A wall gets the numbers as well. */
  numbers: boolean;
  /** How often the server will ping, ms, if this frame says so. */
  pingInterval(text: string): number | null;
};

const NOTHING = { is: 'nothing' } as const;
const PONG = { is: 'reply', text: '3' } as const;
const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket';
const refused = (why: string) => ({ is: 'refused', why }) as const;

/** Engine.IO says it in the first packet. */
const engineIoPing = (text: string): number | null =>
  text.startsWith('0')
    ? (JSON.parse(text.slice(1)) as { pingInterval: number }).pingInterval
    : null;
const unsaid = () => null;

/** Ours: PROTOCOL's Socket.IO. */
const noso: Dialect = {
  path: SOCKET_IO,
  pingInterval: engineIoPing,
  numbers: true,
  leaving: { says: '42/phone,0["leave"]', isAnswer: (text) => text.startsWith('43/phone,0') },
  phoneOpens: () => null,
  phone(text, { token, pass }) {
    if (text.startsWith('42/phone,["seated",')) {
      const seat = JSON.parse(text.slice(19, -1)) as { pass: string; number: string };
      return { is: 'seated', pass: seat.pass, number: seat.number };
    }
    if (text === '2') return PONG;
    if (text.startsWith('0')) {
      return { is: 'reply', text: `40/phone,${JSON.stringify({ token, pass })}` };
    }
    if (text.startsWith('40/phone,')) return NOTHING;
    return refused(text);
  },
  wallOpens: () => null,
  wall(text, token) {
    if (text === '2') return PONG;
    if (text.startsWith('0')) return { is: 'reply', text: `40/wall,${JSON.stringify({ token })}` };
    if (text.startsWith('40/wall,')) return NOTHING;
    if (!text.startsWith('42/wall,')) return refused(text);
    const [event, data] = JSON.parse(text.slice(8)) as [string, Record<string, unknown>];
    switch (event) {
      case 'snapshot': {
        const numbers = data.numbers as string[] | null;
        return { is: 'snapshot', count: Number(data.count), numbers };
      }
      case 'count':
        return { is: 'count', count: Number(data.count) };
      case 'numbers': {
        const { seated, gone } = data as { seated: string[]; gone: string[] };
        return { is: 'numbers', seated, gone };
      }
      default:
        return NOTHING;
    }
  },
};

/** The Socket.IO peers: main namespace, `join` with an acknowledgement, `count` to walls. */
const socketIo: Dialect = {
  path: SOCKET_IO,
  pingInterval: engineIoPing,
  numbers: false,
  leaving: { says: '421["leave"]', isAnswer: (text) => text.startsWith('431') },
  phoneOpens: () => null,
  phone(text, { token }) {
    if (text.startsWith('430')) return { is: 'seated' };
    if (text === '2') return PONG;
    if (text.startsWith('0')) return { is: 'reply', text: `40${JSON.stringify({ token })}` };
    if (text.startsWith('40')) return { is: 'reply', text: '420["join"]' };
    if (text.startsWith('42')) return NOTHING;
    return refused(text);
  },
  wallOpens: () => null,
  wall(text, token) {
    if (text === '2') return PONG;
    if (text.startsWith('0')) return { is: 'reply', text: `40${JSON.stringify({ token })}` };
    if (text.startsWith('40')) return NOTHING;
    if (text.startsWith('42["count",')) return { is: 'count', count: Number(text.slice(11, -1)) };
    return refused(text);
  },
};

/** The peer on bare `ws`: JSON frames. */
const ws: Dialect = {
  path: '/',
  pingInterval: unsaid,
  numbers: false,
  leaving: null,
  phoneOpens: ({ token }) => JSON.stringify({ join: token }),
  phone: (text) => (text.startsWith('{"ok":true') ? { is: 'seated' } : refused(text)),
  wallOpens: (token) => JSON.stringify({ wall: token }),
  wall: (text) =>
    text.startsWith('{"count":')
      ? { is: 'count', count: Number(text.slice(9, -1)) }
      : refused(text),
};

/** The floor: one frame each way, which means nothing. */
const floor: Dialect = {
  path: '/',
  pingInterval: unsaid,
  numbers: false,
  leaving: null,
  phoneOpens: () => 'join',
  phone: () => ({ is: 'seated' }),
  wallOpens: () => null,
  wall: () => NOTHING,
};

export const dialects = { noso, socketIo, ws, floor };
export type DialectName = keyof typeof dialects;
