import type { Namespaces } from '../protocol/wire.js';
import { NAMESPACES } from './access.js';
import type * as z from './carried/zod.js';
import {
  CONTRACT,
  given,
  type JsonSchema,
  type NameOf,
  refTo,
  type SchemaName,
  taken,
} from './contract.js';
import { handshakes, shows } from './input.js';

type First<F> = F extends (...args: infer A) => void ? A[0] : never;
/** Of what is said, the acknowledgement's argument: it is the last that is passed. */
type Ack<F> = F extends (...args: [...infer _, infer L]) => void ? First<L> : never;

type Told = {
  [N in keyof Namespaces]: {
    [E in keyof Namespaces[N]['told']]: NameOf<First<Namespaces[N]['told'][E]>>;
  };
};
/** What is said with it (null: nothing), and what is answered where it is not refused. */
type Says = {
  [N in keyof Namespaces]: {
    [E in keyof Namespaces[N]['says']]: {
      payload: z.ZodType | null;
      done: NameOf<Exclude<Ack<Namespaces[N]['says'][E]>, { ok: false }>>;
    };
  };
};

/** What is said in each namespace, by its schema; one of another type does not compile. */
const TOLD: Told = {
  '/phone': { seated: 'Seat', closed: 'Closed' },
  '/wall': {
    snapshot: 'Snapshot',
    count: 'Count',
    numbers: 'Numbers',
    code: 'Code',
    identify: 'Identify',
  },
  '/organizer': { nosos: 'Programme', count: 'ConsoleCount', notes: 'OperatorNotes' },
  '/door': { count: 'DoorCount', closed: 'DoorClosed' },
};
const SAYS: Says = {
  '/phone': { leave: { payload: null, done: 'Done' } },
  '/wall': { sync: { payload: shows, done: 'Snapshot' } },
  '/organizer': {},
  '/door': {},
};

type Said = { payload: z.ZodType | null; done: SchemaName };

/** The Socket.IO side of the contract as AsyncAPI 3.0. */
export function asyncapi(): JsonSchema {
  const channels: Record<string, JsonSchema> = {};
  const operations: Record<string, JsonSchema> = {};
  for (const namespace of Object.keys(NAMESPACES) as (keyof Told)[]) {
    const name = namespace.slice(1);
    const at = `#/channels/${name}`;
    const told = Object.entries(TOLD[namespace]) as [string, SchemaName][];
    const said = Object.entries(SAYS[namespace]) as [string, Said][];
    const messages: Record<string, JsonSchema> = {
      ...Object.fromEntries(told.map(([event, s]) => [event, { name: event, payload: refTo(s) }])),
      refused: {
        name: 'connect_error',
        description: 'Who is not let in is told why, in `data`, and is disconnected.',
        payload: refTo('Refused'),
      },
    };
    const ref = (message: string) => ({ $ref: `${at}/messages/${message}` });
    operations[`${name}Told`] = {
      action: 'send',
      channel: { $ref: at },
      messages: [...told.map(([event]) => event), 'refused'].map(ref),
    };
    for (const [event, { payload, done }] of said) {
      messages[event] = { name: event, ...(payload && { payload: taken(payload) }) };
      messages[`${event}Done`] = { name: 'ack', payload: refTo(done) };
      messages[`${event}Refused`] = { name: 'ack', payload: refTo('Failure') };
      operations[`${name}Says${event.charAt(0).toUpperCase()}${event.slice(1)}`] = {
        action: 'receive',
        channel: { $ref: at },
        messages: [ref(event)],
        reply: {
          channel: { $ref: at },
          messages: [ref(`${event}Done`), ref(`${event}Refused`)],
        },
      };
    }
    channels[name] = {
      address: namespace,
      description: `Socket.IO namespace ${namespace}; its handshake's auth is x-auth.`,
      messages,
      'x-auth': taken(handshakes[namespace]),
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'NoSo',
      version: CONTRACT,
      description: 'Socket.IO protocol v5, Engine.IO v4, WebSocket only, path /socket.io.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { schemas: given() },
  };
}
