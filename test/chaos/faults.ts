import { setTimeout as pause } from 'node:timers/promises';
import type { Clocks } from './clocks.js';
import type { History } from './history.js';
import type { Node } from './nodes.js';
import type { Load } from './phones.js';
import type { Weather } from './relay.js';
import type { Fault } from './schedule.js';
import type { Store } from './stores.js';

export type Victims = {
  store: Store;
  nodes: Node[];
  clocks: Clocks | null;
  load: Load;
  history: History;
  /** When the run ends: what has not happened by then does not. */
  end: number;
  /** Told of a fault that happens. */
  happens: (fault: Fault) => void;
};

/** Lets a fault happen, in its turn, and puts it right again. Resolves when all is as before. */
export async function inflict(fault: Fault, victims: Victims): Promise<void> {
  const { nodes, store, load, clocks, end } = victims;
  const node = nodes[fault.node] as Node;
  /** A failover may take longer than the schedule knows. */
  const inTurn = (whose: Pick<Node, 'turn'>, work: () => Promise<void>): Promise<void> =>
    whose.turn(async () => {
      if (Date.now() > end) return;
      victims.happens(fault);
      await work();
    });
  switch (fault.kind) {
    case 'node-kill':
      return killed([node], fault.ms, inTurn);
    case 'nodes-kill':
      return killed(nodes, fault.ms, inTurn);
    case 'node-stop':
      return inTurn(node, () => stopped(fault, node, victims.history));
    case 'clock-step':
      victims.happens(fault);
      await clocks?.set(fault.node, fault.amount);
      await pause(fault.ms);
      await clocks?.set(fault.node, 0);
      return;
    case 'redis-kill':
    case 'redis-stop':
      return inTurn(store, () => redis(fault, victims));
    case 'both-kill':
      return inTurn(store, () =>
        node.turn(async () => {
          const both = [node.kill(), redis({ ...fault, kind: 'redis-kill' }, victims)];
          await Promise.all(both);
          await node.revive();
        }),
      );
    case 'link-cut':
      return weather('cut');
    case 'replies-lost':
      return weather('lost');
    case 'link-mute':
      return weather('mute');
    case 'phones-vanish':
      victims.happens(fault);
      return load.vanish();
    case 'phones-drop':
      victims.happens(fault);
      return load.drop();
    case 'switch-over':
      return inTurn(store, async () => {
        await store.switchOver();
        victims.history.failovers += 1;
        await store.whole();
      });
  }

  async function weather(kind: Weather): Promise<void> {
    victims.happens(fault);
    const relay = store.relays[fault.node];
    relay?.set(kind);
    await pause(fault.ms);
    relay?.set('clear');
  }
}

async function killed(
  nodes: Node[],
  ms: number,
  inTurn: (whose: Node, work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const once = async (node: Node) => {
    await node.kill();
    await pause(ms);
    await node.revive();
  };
  await Promise.all(nodes.map((node) => inTurn(node, () => once(node))));
}

async function stopped(fault: Fault, node: Node, history: History): Promise<void> {
  const from = Date.now();
  const while_ = { from, to: Number.POSITIVE_INFINITY, node: fault.node };
  history.stopped.push(while_);
  const child = node.server.child();
  child.kill('SIGSTOP');
  await pause(fault.ms);
  child.kill('SIGCONT');
  while_.to = Date.now();
}

async function redis(fault: Fault, { store, history }: Victims): Promise<void> {
  const master = await store.master();
  const outage = { from: Date.now(), to: Number.POSITIVE_INFINITY };
  if (fault.kind === 'redis-kill') await master.kill();
  else master.pause();
  // Elsewhere another server takes over, or goes on with its share.
  if (store.kind === 'standalone') history.outages.push(outage);
  await pause(fault.ms);
  outage.to = Date.now();
  if (fault.kind === 'redis-kill') await master.restart();
  else master.resume();
  await store.whole();
  if (!(await store.rules(master))) history.failovers += 1;
}
