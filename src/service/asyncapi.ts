import type { Namespaces } from '../protocol/wire.js';
import { NAMESPACES } from './access.js';
import { CONTRACT, given, type JsonSchema, refTo, type SchemaName, taken } from './answers.js';
import { handshakes } from './input.js';

type Told = { [N in keyof Namespaces]: { [E in keyof Namespaces[N]['told']]: SchemaName } };

/** What is said in each namespace, by its schema; an event that is not here does not compile. */
const TOLD: Told = {
  '/phone': { seated: 'Seat', closed: 'Closed' },
  '/wall': {
    snapshot: 'Snapshot',
    count: 'Count',
    numbers: 'Numbers',
    code: 'Code',
    identify: 'Identify',
  },
  '/organizer': { nosos: 'Programme', count: 'ConsoleCount' },
  '/door': { count: 'DoorCount', closed: 'DoorClosed' },
};

/** The Socket.IO side of the contract as AsyncAPI 3.0. */
export function asyncapi(): JsonSchema {
  const channels: Record<string, JsonSchema> = {};
  const operations: Record<string, JsonSchema> = {};
  for (const [namespace, { events }] of Object.entries(NAMESPACES)) {
    const name = namespace.slice(1);
    const told = Object.entries(TOLD[namespace as keyof Told]) as [string, SchemaName][];
    const channel = `#/channels/${name}`;
    const messages = {
      ...Object.fromEntries(told.map(([event, s]) => [event, { name: event, payload: refTo(s) }])),
      ...Object.fromEntries(events.map((event) => [event, { name: event, payload: {} }])),
    };
    channels[name] = {
      address: namespace,
      description: `Socket.IO namespace ${namespace}; its handshake's auth is x-auth.`,
      messages,
      'x-auth': taken(handshakes[namespace as keyof Told]),
    };
    const ref = (event: string) => ({ $ref: `${channel}/messages/${event}` });
    operations[`${name}Told`] = {
      action: 'send',
      channel: { $ref: channel },
      messages: told.map(([event]) => ref(event)),
    };
    if (events.length > 0) {
      operations[`${name}Says`] = {
        action: 'receive',
        channel: { $ref: channel },
        messages: events.map(ref),
      };
    }
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
