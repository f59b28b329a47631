import { createAdapter } from '@socket.io/redis-adapter';
import type { Cluster, Redis } from 'ioredis';
import type { ControlMessage, Io, Sealed } from './io.js';
import type { Control, Hear } from './localControl.js';
import type { Sealing } from './sealing.js';

type Ask = (...channels: string[]) => Promise<unknown>;

/**
 * Many nodes: over the Socket.IO Redis adapter. A message that Redis does not take is dropped (the
 * nodes look for themselves every second), and its failure goes to `onError`, never further.
 */
export function clusterControl(
  io: Io,
  clients: { pub: Redis | Cluster; sub: Redis | Cluster; prefix: string },
  { seal, open }: Sealing,
  onError: (error: unknown) => void,
): Control {
  const listeners: Hear[] = [];
  const hearAll = (message: ControlMessage, own: boolean) => {
    for (const hear of listeners) hear(message, own);
  };
  // The adapter leaves the promises of its publishes alone: one that fails would end the process.
  const publish = clients.pub.publish.bind(clients.pub);
  clients.pub.publish = ((...args: Parameters<typeof publish>) =>
    publish(...args).catch((error: unknown) => {
      onError(error);
      return 0;
    })) as typeof clients.pub.publish;
  // As it does with those of its subscriptions: one that went with its connection is made on the next.
  for (const name of ['subscribe', 'psubscribe', 'unsubscribe', 'punsubscribe'] as const) {
    const ask: Ask = clients.sub[name].bind(clients.sub);
    const asked: Ask = (...channels) =>
      ask(...channels).catch((error: unknown) => {
        onError(error);
        if (!name.includes('un')) clients.sub.once('ready', () => void asked(...channels));
      });
    Object.assign(clients.sub, { [name]: asked });
  }
  const namespace = io.of('/organizer');
  let installed = false;
  // The adapter subscribes at once, and for good: it is given a connection that stands.
  const install = () => {
    if (installed) return;
    installed = true;
    // Whoever is in a room of the adapter that goes comes back, to be in one of the next.
    for (const { conn } of io.of('/wall').sockets.values()) conn.close();
    io.adapter(createAdapter(clients.pub, clients.sub, { key: `${clients.prefix}control` }));
  };
  namespace.on('control', (sealed: Sealed) => {
    const message = open(sealed);
    if (message) hearAll(message, false);
  });
  if (clients.sub.status === 'ready') install();
  else clients.sub.on('ready', install);
  return {
    tell(message) {
      hearAll(message, true);
      try {
        if (installed) namespace.serverSideEmit('control', seal(message));
      } catch (error) {
        onError(error);
      }
    },
    listen: (hear) => void listeners.push(hear),
  };
}
