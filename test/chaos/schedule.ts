import { chanceOf } from './chance.js';

/** What may go wrong. Each is put right again after `ms`. */
export type FaultKind =
  /** SIGKILL of a node; started again. */
  | 'node-kill'
  /** All nodes at once. */
  | 'nodes-kill'
  /** SIGSTOP of a node, then SIGCONT. */
  | 'node-stop'
  /** A node's clock is set by `amount` ms, then back. */
  | 'clock-step'
  /** SIGKILL of Redis (a Cluster's, or Sentinel's, current master); started again. */
  | 'redis-kill'
  /** SIGSTOP of Redis, then SIGCONT. */
  | 'redis-stop'
  /** A node's connections to Redis are reset, and refused. */
  | 'link-cut'
  /** Redis carries out what a node asks; the answers are lost. */
  | 'replies-lost'
  /** Nothing passes between a node and Redis; what was sent arrives late. */
  | 'link-mute'
  /** Half the phones on sockets stop reading, and vanish. */
  | 'phones-vanish'
  /** Every phone on a socket is cut off, and comes back with its pass. */
  | 'phones-drop'
  /** A replica takes over while its master lives and agrees. */
  | 'switch-over'
  /** SIGKILL of Redis' master and of a node, at the same moment; both are started again. */
  | 'both-kill';

/** `at` and `ms` from the start of the run; `node` where one node is meant. */
export type Fault = { kind: FaultKind; at: number; ms: number; node: number; amount: number };

export type StoreKind = 'standalone' | 'sentinel' | 'cluster';

const NODES: FaultKind[] = ['node-kill', 'nodes-kill', 'node-stop', 'clock-step'];
const PHONES: FaultKind[] = ['phones-vanish', 'phones-drop'];
const LINKS: FaultKind[] = ['link-cut', 'replies-lost', 'link-mute'];

/** What each kind of store can suffer here. Behind Sentinels a paused master is a failover too. */
export const KINDS: Record<StoreKind, FaultKind[]> = {
  standalone: [...NODES, ...PHONES, ...LINKS, 'redis-kill', 'redis-stop'],
  sentinel: [...NODES, ...PHONES, 'redis-kill', 'redis-stop', 'switch-over'],
  cluster: [...NODES, ...PHONES, 'redis-kill', 'redis-stop', 'switch-over'],
};

/**
 * What happens where `--only` names it: among the others it would change what each seed stands for,
 * and seeds that failed are named in tests.
 */
export const BY_NAME: FaultKind[] = ['both-kill'];

/** Longest and shortest, in ms. */
const LASTS: Record<FaultKind, [number, number]> = {
  'node-kill': [100, 2500],
  'nodes-kill': [100, 1000],
  'node-stop': [300, 6000],
  'clock-step': [1500, 4000],
  'redis-kill': [50, 4000],
  'redis-stop': [300, 5000],
  'link-cut': [50, 4000],
  'replies-lost': [300, 3500],
  'link-mute': [300, 5000],
  'phones-vanish': [0, 0],
  'phones-drop': [0, 0],
  'switch-over': [0, 0],
  'both-kill': [50, 3000],
};
/** Now and then Redis pauses for this long, in runs that are long enough. */
const LONG_PAUSE = 20_000;
/** The furthest a clock is set, in ms: an entry pass is good for ten minutes. */
const STEP = 5 * 60_000;

/** How long a node, or Redis, is left alone after a fault, in ms: to be itself again … */
const RESTS = { node: 1500, redis: 4000 };
/** … and where faults are wanted to come fast. */
const RESTS_SHORT = { node: 1000, redis: 1500 };

/** What one fault keeps others from happening to. */
const targetOf = ({ kind, node }: Fault): string[] => {
  if (kind === 'both-kill') return ['redis', `node ${node}`];
  if (kind.startsWith('redis') || kind === 'switch-over') return ['redis'];
  if (kind === 'nodes-kill') return ['node 0', 'node 1', 'node 2'];
  return kind.startsWith('phones') ? [] : [`node ${node}`];
};

/**
 * A schedule of faults that `seed` repeats, for a run of `seconds`. They overlap, but no two befall
 * the same node, or Redis, at once. At most `most`; `every` so many ms on average, as far as what
 * they befall is free, or at a pace that leaves room for all to heal.
 */
export function schedule(options: {
  seed: number;
  seconds: number;
  kinds: readonly FaultKind[];
  most: number;
  every?: number | null;
}): Fault[] {
  const every = options.every ?? null;
  const rests = every === null ? RESTS : RESTS_SHORT;
  const { between, pick, happens } = chanceOf(options.seed);
  const end = options.seconds * 1000;
  const busy = new Map<string, number>();
  const faults: Fault[] = [];
  let at = 1500;
  while (faults.length < options.most && at < end) {
    const kind = pick(options.kinds);
    // All at once is rare, so that walls and phones have somewhere to go most of the time.
    if (kind === 'nodes-kill' && happens(0.8)) continue;
    const long = kind === 'redis-stop' && options.seconds >= 90 && happens(0.2);
    const ms = long ? between(LONG_PAUSE / 2, LONG_PAUSE) : between(...LASTS[kind]);
    const amount = between(-STEP, STEP);
    const fault: Fault = { kind, at, ms, node: between(0, 2), amount };
    const targets = targetOf(fault);
    const free = Math.max(at, ...targets.map((target) => busy.get(target) ?? 0));
    if (every === null) at += between(150, 900) + (happens(0.5) ? Math.min(ms, 3000) : 0);
    else at += between(every / 2, every * 1.5);
    if (free + ms > end) {
      // What is left of the time is for what does not last as long, or befalls others.
      if (every === null) break;
      continue;
    }
    faults.push({ ...fault, at: free });
    for (const target of targets) {
      busy.set(target, free + ms + (target === 'redis' ? rests.redis : rests.node));
    }
  }
  return faults.sort((a, b) => a.at - b.at);
}
