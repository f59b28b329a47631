import { handsAt } from './hands.js';
import { ackedAt, type History, mayUntil, mustUntil, type Shown, type Sitting } from './history.js';

/** A beat stands on a read less than 2 s old (W4) … */
const STRENGTH = 2000;
/** … a seat lapses within 1 s of its pocket (P4) … */
const LATE = 1000;
/** … and what is sent takes a while to be read here, on a busy machine. */
const SLACK = 1000;

export type Rules = {
  /** Seats of a NoSo at most; null: no bound. */
  capacity: (noso: string) => number | null;
  /** Whether a failover may lose what only a node that is gone acknowledged (P1). */
  lossy: boolean;
};

/** Times in ms. */
export type Findings = {
  /** Stays that were acknowledged, not asked to end, and yet not shown. */
  lost: Set<Sitting>;
  /** The same, where every node that acknowledged them had been killed when a failover came. */
  lostWithNode: Set<Sitting>;
  /** Numbers shown that nobody asked for, or long after they left. */
  phantom: Set<string>;
  overruns: number;
  /** The longest that a frame was behind an acknowledged seat; behind an end of a stay. */
  stalest: number;
  ghost: number;
  violations: string[];
};

/** Holds every frame against what was asked and acknowledged. */
export function check(history: History, rules: Rules): Findings {
  const findings: Findings = {
    lost: new Set(),
    lostWithNode: new Set(),
    phantom: new Set(),
    overruns: 0,
    stalest: 0,
    ghost: 0,
    violations: [...history.wrong],
  };
  const byNoso = new Map<string, Sitting[]>();
  for (const sitting of history.sittings) {
    byNoso.set(sitting.noso, [...(byNoso.get(sitting.noso) ?? []), sitting]);
  }
  const connections = new Map<number, Connection>();
  const agreed = new Map<string, string>();
  for (const frame of history.shown) {
    const held = connections.get(frame.connection) ?? newConnection();
    connections.set(frame.connection, held);
    follow(held, frame, findings);
    agree(agreed, held, frame, findings);
    unheard(frame, history, findings);
    const capacity = rules.capacity(frame.noso);
    if (capacity !== null && 'count' in frame && frame.count > capacity) {
      findings.overruns += 1;
      findings.violations.push(`P5 ${frame.count} of ${capacity} seats`);
    }
    if (held.numbers && held.current) {
      compare(held.numbers, frame, byNoso.get(frame.noso) ?? [], rules, findings, history);
    }
  }
  return findings;
}

/** What one connection of a wall holds. `current`: its numbers are as of the frame. */
type Connection = {
  epoch: number;
  seq: number;
  /** As of when the numbers are: a position of one log says nothing about another. */
  numbersAt: { epoch: number; seq: number };
  numbers: Set<string> | null;
  current: boolean;
};

const newConnection = (): Connection => ({
  epoch: 0,
  seq: 0,
  numbersAt: { epoch: 0, seq: -1 },
  numbers: null,
  current: false,
});

const isAt = (a: Connection['numbersAt'], b: Connection['numbersAt']) =>
  a.epoch === b.epoch && a.seq === b.seq;

/** W2: positions never go back, a new epoch begins with a snapshot, changes apply to what is held. */
function follow(held: Connection, frame: Shown, { violations }: Findings): void {
  const back = frame.epoch < held.epoch || (frame.epoch === held.epoch && frame.seq < held.seq);
  if (back && frame.event !== 'snapshot') {
    violations.push(
      `W2 a ${frame.event} at ${frame.epoch}.${frame.seq} after ${held.epoch}.${held.seq}`,
    );
  }
  if (frame.epoch > held.epoch && held.epoch > 0 && frame.event !== 'snapshot') {
    violations.push(`W2 a ${frame.event} of epoch ${frame.epoch} before its snapshot`);
  }
  held.epoch = frame.epoch;
  held.seq = frame.seq;
  switch (frame.event) {
    case 'snapshot':
      held.numbers = new Set(frame.numbers);
      if (held.numbers.size < frame.numbers.length) violations.push('P2 a number is shown twice');
      held.numbersAt = { epoch: frame.epoch, seq: frame.numbersSeq };
      break;
    case 'numbers':
      if (!isAt(held.numbersAt, { epoch: frame.epoch, seq: frame.from })) held.numbers = null;
      for (const number of frame.gone) held.numbers?.delete(number);
      for (const number of frame.seated) held.numbers?.add(number);
      held.numbersAt = { epoch: frame.epoch, seq: frame.seq };
      break;
    case 'count':
      break;
  }
  held.current = isAt(held.numbersAt, frame);
}

/** All walls on all nodes show the same at the same position; a count is the size of the set. */
function agree(
  agreed: Map<string, string>,
  held: Connection,
  frame: Shown,
  { violations }: Findings,
): void {
  const say = (what: string, value: string) => {
    const key = `${frame.noso} ${frame.epoch}.${frame.seq} ${what}`;
    const before = agreed.get(key) ?? value;
    agreed.set(key, before);
    if (before !== value) violations.push(`W2 ${key}: ${before} and ${value}`);
  };
  if ('count' in frame) say('count', String(frame.count));
  if (!held.numbers || !held.current) return;
  say('count', String(held.numbers.size));
  say('numbers', [...held.numbers].sort().join());
}

/** W4: while Redis does not answer there is no beat, nor anything else that looks alive. */
function unheard(frame: Shown, { outages }: History, { violations }: Findings): void {
  for (const { from, to } of outages) {
    const into = frame.at - from;
    if (into > STRENGTH + SLACK && frame.at < to) {
      violations.push(`W4 a ${frame.event} ${into} ms after Redis went away`);
    }
  }
}

/** P1, P4, W4: whoever must be seated is shown, and nobody else, or the frame is too old. */
function compare(
  numbers: Set<string>,
  frame: Shown,
  sittings: Sitting[],
  rules: Rules,
  findings: Findings,
  { began, hands }: History,
): void {
  const { at } = frame;
  const here = hands.filter(({ noso }) => noso === frame.noso);
  const where = `${frame.event} ${frame.epoch}.${frame.seq} of node ${frame.node} at ${at - began} ms`;
  const allowed = new Map<string, number>();
  for (const sitting of sittings) {
    const { number } = sitting;
    if (sitting.askedAt <= at) {
      const until = rules.lossy && forgotten(sitting.left, at) ? Infinity : mayUntil(sitting);
      allowed.set(number, Math.max(allowed.get(number) ?? 0, until));
    }
    if (numbers.has(number) || ackedAt(sitting) > at || mustUntil(sitting) - SLACK / 20 <= at) {
      continue;
    }
    // What a node acknowledged that is gone may be lost, until another one acknowledges it again.
    const known = sitting.said.find(
      (said) => said.at <= at && !(rules.lossy && forgotten(said, at)),
    );
    const behind = at - (known?.at ?? ackedAt(sitting));
    const late = behind > STRENGTH + SLACK;
    if (late && rules.lossy && excused(sitting, at, rules)) {
      findings.lostWithNode.add(sitting);
      continue;
    }
    findings.stalest = Math.max(findings.stalest, behind);
    if (!late || findings.lost.has(sitting)) continue;
    findings.lost.add(sitting);
    findings.violations.push(
      `P1 ${number} is not shown ${behind} ms after it was acknowledged: ${where}`,
    );
  }
  const strangers = [...numbers].filter((number) => here.length > 0 && !allowed.has(number));
  const { least, most } = handsAt(here, at, STRENGTH + SLACK);
  // What a failover lost is not known here: then nobody is to be there who was never let in.
  const fewest = rules.lossy ? 0 : least;
  const highest = rules.lossy ? here.filter(({ by }) => by > 0).length : most;
  if (here.length > 0 && (strangers.length < fewest || strangers.length > highest)) {
    findings.violations.push(
      `P9 ${strangers.length} of the doors are shown, of ${fewest} to ${highest}: ${where}`,
    );
  }
  for (const number of numbers) {
    const until = allowed.get(number);
    if (until === undefined && here.length > 0) continue;
    if (until !== undefined && until > at) continue;
    const behind = at - (until ?? Number.NEGATIVE_INFINITY);
    if (until !== undefined) findings.ghost = Math.max(findings.ghost, behind);
    if (behind <= STRENGTH + LATE + SLACK || findings.phantom.has(number)) continue;
    findings.phantom.add(number);
    findings.violations.push(`P4 ${number} is shown ${behind} ms after it may be: ${where}`);
  }
}

/**
 * Acknowledged only by processes that were killed since: nobody is left to put it back. Or somebody
 * else sat down meanwhile, and there is no room (P5).
 */
const excused = (sitting: Sitting, at: number, rules: Rules): boolean =>
  rules.capacity(sitting.noso) !== null ||
  sitting.said.filter((said) => said.at <= at).every((said) => forgotten(said, at));

const forgotten = (said: Sitting['left'], at: number): boolean =>
  said !== null && said.by.died !== null && said.by.died <= at;
