// From measured figures to machines: how many nodes, how much Redis, and what runs out first.

/** What a seat costs, as measured. */
export type Costs = {
  /** A join: CPU µs of a node, and of Redis. */
  join: number;
  redisJoin: number;
  /** Memory, bytes: a connected phone, a seat without one, a seat in Redis. */
  connected: number;
  seated: number;
  redisSeat: number;
  /** CPU seconds per minute that 5,000 idle phones cost. */
  idle: number;
};

/** How people come, and how far a machine may be pushed. */
export const HABITS = {
  /** Everybody comes within this, s. */
  arrival: 900,
  /** How long a phone stays connected before it lets go, s. */
  connectedFor: 20,
  /** Of a core, at most. */
  busy: 0.5,
  /** Connections to one node, at most. */
  perNode: 20_000,
  /** Of memory for seats on one node or one Redis shard, bytes. */
  memory: 4 * 2 ** 30,
};

export type Plan = {
  seats: number;
  joinsPerSecond: number;
  /** Connected at once while people come. */
  connected: number;
  nodes: number;
  redisShards: number;
  redisMemoryMiB: number;
  /** How busy the busiest part of one node or shard is, and which part that is. */
  first: { what: string; share: number };
};

/** What `seats` at once need, all of them within one arrival. */
export function plan(seats: number, costs: Costs, habits = HABITS): Plan {
  const joinsPerSecond = seats / habits.arrival;
  const connected = joinsPerSecond * habits.connectedFor;
  const idlePerPhone = costs.idle / 60 / 5000;
  const nodeCpu = (joinsPerSecond * costs.join) / 1e6 + connected * idlePerPhone;
  const redisCpu = (joinsPerSecond * costs.redisJoin) / 1e6;
  const needs = [
    { what: 'CPU of nodes', per: nodeCpu / habits.busy },
    { what: 'connections', per: connected / habits.perNode },
    {
      what: 'memory of nodes',
      per: (connected * costs.connected + seats * costs.seated) / habits.memory,
    },
  ];
  const redisNeeds = [
    { what: 'CPU of Redis', per: redisCpu / habits.busy },
    { what: 'memory of Redis', per: (seats * costs.redisSeat) / habits.memory },
  ];
  const nodes = Math.max(1, Math.ceil(Math.max(...needs.map((need) => need.per))));
  const redisShards = Math.max(1, Math.ceil(Math.max(...redisNeeds.map((need) => need.per))));
  const shares = [
    ...needs.map(({ what, per }) => ({ what, share: per / nodes })),
    ...redisNeeds.map(({ what, per }) => ({ what, share: per / redisShards })),
  ].sort((a, b) => b.share - a.share);
  return {
    seats,
    joinsPerSecond: Math.round(joinsPerSecond),
    connected: Math.round(connected),
    nodes,
    redisShards,
    redisMemoryMiB: Math.round((seats * costs.redisSeat) / 2 ** 20),
    first: shares[0] ?? { what: 'nothing', share: 0 },
  };
}
