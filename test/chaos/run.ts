import { setTimeout as pause } from 'node:timers/promises';
import type { NosoRecord } from '../../src/protocol/wire.js';
import { apiOf, type TestApi } from '../support/api.js';
import { until } from '../support/wait.js';
import { chanceOf } from './chance.js';
import { check, type Findings } from './check.js';
import { createClocks } from './clocks.js';
import { type Doors, startDoors } from './doors.js';
import { inflict } from './faults.js';
import { convene, type Gathering } from './gatherings.js';
import { byHand } from './hands.js';
import { type History, newHistory } from './history.js';
import { type Node, startNode } from './nodes.js';
import { type Load, startLoad } from './phones.js';
import {
  BY_NAME,
  type Fault,
  type FaultKind,
  KINDS,
  type StoreKind,
  schedule,
} from './schedule.js';
import { type Store, startStore } from './stores.js';
import { hangWall, type Wall } from './walls.js';

const NODES = 3;

export type Options = {
  seed: number;
  seconds: number;
  store: StoreKind;
  /** Faults at most. */
  most: number;
  /** How often, in ms; null: at a pace that leaves room for all to heal. */
  every?: number | null;
  only: readonly FaultKind[] | null;
  say: (line: string) => void;
  /** When enough happened to say anything: a run that has no more faults goes on until then. */
  enough?: (history: History) => boolean;
};

export type Outcome = Findings & {
  faults: Fault[];
  history: History;
  /** Ms. */
  silentWall: number;
  skipped: FaultKind[];
};

/** One run: a store, three nodes, people, walls, and faults; then what they make of it. */
export async function run(options: Options): Promise<Outcome> {
  const { seed, seconds, say } = options;
  const history = newHistory();
  const stops: (() => Promise<void> | void)[] = [];
  try {
    const { only } = options;
    const wanted = only
      ? [...KINDS[options.store], ...BY_NAME].filter((kind) => only.includes(kind))
      : KINDS[options.store];
    const clocks = wanted.includes('clock-step') ? await createClocks(NODES) : null;
    if (clocks) stops.push(clocks.stop);
    const kinds = wanted.filter((kind) => kind !== 'clock-step' || clocks !== null);
    const skipped = wanted.filter((kind) => !kinds.includes(kind));
    const store = await startStore(options.store, NODES);
    stops.push(store.stop);
    const nodes: Node[] = [];
    for (let k = 0; k < NODES; k += 1) {
      const node = await startNode(k, { store, clocks, history });
      nodes.push(node);
      stops.push(node.stop);
    }
    const [first] = nodes as [Node];
    const api = apiOf(first.url, first.server.owner);
    const gatherings = await convene(api, store.direct);
    const walls = hang(gatherings, nodes, history);
    stops.push(() => {
      for (const wall of walls) wall.stop();
    });
    const lossy = options.store !== 'standalone';
    const load = startLoad({ gatherings, nodes, history, chance: chanceOf(seed + 1), lossy });
    // Neither where seats lapse: there whoever sits at a door would be the only one who stays.
    const open = gatherings.filter(({ pocket }) => pocket === null);
    const at = { api, gatherings: open, nodes, history, chance: chanceOf(seed + 2), lossy };
    const doors: Doors = await startDoors(at);
    const { most, every = null } = options;
    const faults = schedule({ seed, seconds, kinds, most, every });
    const happened = await weather(faults, { ...options, store, nodes, clocks, load, history });
    const { enough = () => true } = options;
    await until(() => enough(history), { what: 'enough to happen', deadline: 60_000 });
    await Promise.all([load.stop(), doors.stop()]);
    await lastLook(gatherings, nodes, history);
    const silentWall = Math.max(...walls.map((wall) => wall.longest()));
    for (const wall of walls) wall.stop();
    await closing(gatherings, api, history, lossy);
    const findings = check(history, {
      capacity: (noso) => gatherings.find((each) => each.noso === noso)?.capacity ?? null,
      lossy,
    });
    say('');
    return { ...findings, faults: happened, history, silentWall, skipped };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** Two walls of the first NoSo and one of each other on every node, so to speak. */
function hang(gatherings: Gathering[], nodes: Node[], history: History): Wall[] {
  const urls = nodes.map((node) => node.url);
  return [0, 0, 1, 2].flatMap((which, row) =>
    nodes.map((_, first) => {
      const { noso, wall: token } = gatherings[which] as Gathering;
      return hangWall({ wall: row * NODES + first, noso, token, urls, first, history });
    }),
  );
}

/** Every fault at its time; resolves with those that happened when all are over, and the time is. */
async function weather(
  faults: Fault[],
  run: Omit<Options, 'store'> & {
    store: Store;
    nodes: Node[];
    clocks: Awaited<ReturnType<typeof createClocks>>;
    load: Load;
    history: History;
  },
): Promise<Fault[]> {
  const start = Date.now();
  const end = start + run.seconds * 1000;
  const happened = new Set<Fault>();
  const happens = (fault: Fault) => {
    const at = ((Date.now() - start) / 1000).toFixed(1);
    if (!happened.has(fault)) run.say(`${at.padStart(6)} s  ${fault.kind}  ${fault.ms} ms`);
    happened.add(fault);
  };
  run.history.began = start;
  const over: Promise<void>[] = [];
  for (const fault of faults) {
    await pause(Math.max(0, start + fault.at - Date.now()));
    const failed = (error: unknown) => {
      run.history.wrong.push(`chaos: ${fault.kind} was not put right: ${error}`);
    };
    over.push(inflict(fault, { ...run, end, happens }).catch(failed));
  }
  await Promise.all(over);
  await pause(Math.max(0, end - Date.now()));
  return [...happened];
}

/** Walls opened when all is over, on every node: what they show is what there is. */
async function lastLook(gatherings: Gathering[], nodes: Node[], history: History): Promise<void> {
  for (const { noso, wall: token } of gatherings) {
    for (const [first] of nodes.entries()) {
      const urls = nodes.map((node) => node.url);
      const from = history.shown.length;
      const wall = hangWall({ wall: -1, noso, token, urls, first, history });
      const seen = () =>
        history.shown.slice(from).some((f) => f.wall === -1 && f.event === 'snapshot');
      await until(seen, { what: 'a last snapshot', deadline: 30_000 });
      wall.stop();
    }
  }
}

/** Closes all. L4: nobody sits after that. L5: the record is what was acknowledged. */
async function closing(
  gatherings: Gathering[],
  api: TestApi,
  history: History,
  lossy: boolean,
): Promise<void> {
  for (const { noso, pass } of gatherings) {
    const own = pass();
    const { token } = await api.number(own);
    await api.own('POST', `/api/nosos/${noso}/close`);
    const late = await api.sit(token, own);
    if (late.body.code !== 'not_open') history.wrong.push(`L4 ${late.status} after the close`);
    const record: NosoRecord = await api.record(noso);
    const sittings = history.sittings.filter((sitting) => sitting.noso === noso);
    const asked = new Set(sittings.map((sitting) => sitting.number)).size;
    const acked = new Set(sittings.filter((s) => s.said.length > 0).map((s) => s.number)).size;
    const { least, most } = byHand(history.hands.filter((click) => click.noso === noso));
    if (lossy) continue;
    const hands = record.byHand;
    if (hands < least || hands > most) {
      history.wrong.push(`L5 P9 ${hands} by hand, ${least} to ${most} were let in`);
    }
    const total = record.total - hands;
    if (total >= acked && total <= asked) continue;
    history.wrong.push(`L5 total ${total} besides hands, acknowledged ${acked} of ${asked}`);
  }
}
