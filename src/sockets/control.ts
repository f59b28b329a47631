import { randomBytes } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import type { ControlMessage } from './io.js';
import type { Sealing } from './sealing.js';

type Hear = (message: ControlMessage, own: boolean) => void;

/** Cluster-wide control messages: to every node, this one included. */
export type Control = {
  tell: (message: ControlMessage) => void;
  /** `own`: it was told here. */
  listen: (hear: Hear) => void;
};

/** One process: what is told is heard here, at once. */
export function localControl(): Control {
  const listeners: Hear[] = [];
  return {
    tell(message) {
      for (const hear of listeners) hear(message, true);
    },
    listen: (hear) => void listeners.push(hear),
  };
}

/**
 * Many nodes, on one channel of Redis, which all of them hear. A message that Redis does not take is
 * dropped (the nodes look for themselves every second), and its failure goes to `onError`, never further.
 */
export function clusterControl(
  clients: { pub: Redis | Cluster; sub: Redis | Cluster; prefix: string },
  { seal, open }: Sealing,
  onError: (error: unknown) => void,
): Control {
  const { pub, sub, prefix } = clients;
  const channel = `${prefix}control`;
  /** Whose message it is: Redis brings a node its own as well, which was heard already. */
  const node = randomBytes(9).toString('base64url');
  const listeners: Hear[] = [];
  const hearAll = (message: ControlMessage, own: boolean) => {
    for (const hear of listeners) hear(message, own);
  };
  let listening = false;
  // From then on the client makes it again by itself; until it was made, every connection tries.
  const subscribe = () => {
    if (listening) return;
    sub.subscribe(channel).then(() => {
      listening = true;
    }, onError);
  };
  sub.on('message', (where: string, text: string) => {
    const [from, sealed = ''] = text.split(' ');
    if (where !== channel || from === node) return;
    const message = open({ sealed });
    if (message) hearAll(message, false);
  });
  if (sub.status === 'ready') subscribe();
  sub.on('ready', subscribe);
  return {
    tell(message) {
      hearAll(message, true);
      if (!listening) return;
      pub.publish(channel, `${node} ${seal(message).sealed}`).catch(onError);
    },
    listen: (hear) => void listeners.push(hear),
  };
}
