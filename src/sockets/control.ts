import { createAdapter } from '@socket.io/redis-adapter';
import type { Cluster, Redis } from 'ioredis';
import type { ControlMessage, Io } from './io.js';

/** Cluster-wide control messages: to every node, this one included. */
export type Control = {
  tell: (message: ControlMessage) => void;
  listen: (hear: (message: ControlMessage) => void) => void;
};

/** One process: what is told is heard here, at once. */
export function localControl(): Control {
  const listeners: ((message: ControlMessage) => void)[] = [];
  return {
    tell(message) {
      for (const hear of listeners) hear(message);
    },
    listen: (hear) => void listeners.push(hear),
  };
}

/**
 * Many nodes: over the Socket.IO Redis adapter. A message that Redis does not take is dropped (the
 * nodes look for themselves every second), and its failure goes to `onError`, never further.
 */
export function clusterControl(
  io: Io,
  clients: { pub: Redis | Cluster; sub: Redis | Cluster; prefix: string },
  onError: (error: unknown) => void,
): Control {
  const listeners: ((message: ControlMessage) => void)[] = [];
  const hearAll = (message: ControlMessage) => {
    for (const hear of listeners) hear(message);
  };
  // The adapter leaves the promises of its publishes alone: one that fails would end the process.
  const publish = clients.pub.publish.bind(clients.pub);
  clients.pub.publish = ((...args: Parameters<typeof publish>) =>
    publish(...args).catch((error: unknown) => {
      onError(error);
      return 0;
    })) as typeof clients.pub.publish;
  io.adapter(createAdapter(clients.pub, clients.sub, { key: `${clients.prefix}control` }));
  const namespace = io.of('/organizer');
  namespace.on('control', hearAll);
  return {
    tell(message) {
      hearAll(message);
      try {
        namespace.serverSideEmit('control', message);
      } catch (error) {
        onError(error);
      }
    },
    listen: (hear) => void listeners.push(hear),
  };
}
