import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DoorAnswer, DoorClick, DoorResult } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { ask } from './ask.js';
import type { Chance } from './chance.js';
import type { Gathering } from './gatherings.js';
import type { HandClick, History } from './history.js';
import type { Node } from './nodes.js';

/** How often somebody at a door presses, on average, ms. */
const EVERY = 500;
/** Everybody is answered this long after all faults are over, ms of the machine's time. */
const AT_LAST = 40_000;
/** As many clicks as one request may bear. */
const PART = 100;

/** People at doors, who press whatever happens, until told to stop. */
export type Doors = {
  /** Nobody presses any more; resolves once every click has its answer. */
  stop: () => Promise<void>;
};

/** Two doors at each of these NoSos. Clicks wait in their order until they are answered, as the page's do. */
export async function startDoors(options: {
  api: TestApi;
  gatherings: readonly Gathering[];
  nodes: Node[];
  history: History;
  chance: Chance;
  /** A failover may lose what was answered. */
  lossy: boolean;
}): Promise<Doors> {
  const { api, gatherings, nodes, history, chance, lossy } = options;
  let ending = false;

  async function keep(noso: string, token: string): Promise<void> {
    const done: HandClick[] = [];
    let queue: (DoorClick & { kept: HandClick })[] = [];
    let end = Number.POSITIVE_INFINITY;

    function press(): void {
      const undoable = done.filter(({ result, undone }) => result === 'ok' && !undone);
      const of = chance.happens(0.2) ? undoable.at(-1) : undefined;
      const what = of ? 'undo' : chance.happens(0.55) ? 'in' : 'out';
      const at = Date.now();
      const id = randomUUID();
      const up = of ? of.by < 0 : what === 'in';
      const kept: HandClick = {
        ...{ noso, id, what, askedAt: at, ackedAt: null, by: up ? 1 : -1, result: null },
        ...(of ? { of: of.id } : {}),
      };
      if (of) of.undone = true;
      history.hands.push(kept);
      if (what !== 'undo') done.push(kept);
      queue.push({
        ...{ id, what, at: new Date(at).toISOString() },
        ...(of ? { of: of.id } : {}),
        kept,
      });
    }

    function hear(results: DoorResult[]): void {
      for (const result of results) {
        const own = queue.find(({ id }) => id === result.id)?.kept;
        const is = result.ok ? 'ok' : result.code;
        if (!own || is === 'unavailable') continue;
        if (own.result !== null && own.result !== is && !lossy) {
          history.wrong.push(`P9 ${own.what} was ${own.result}, and ${is} when asked again`);
        }
        own.ackedAt ??= Date.now();
        own.result ??= is;
      }
    }

    while (!ending || queue.length > 0) {
      if (!ending) press();
      const clicks = queue.slice(0, PART).map(({ kept: _, ...click }) => click);
      const node = chance.pick(nodes);
      const send = () =>
        ask<DoorAnswer>(node.url, 'POST', '/api/door', { token, body: { clicks } });
      const answer = await send();
      if (answer.is === 'yes') {
        hear(answer.body.results);
        // Now and then the answer might as well have been lost: all of it is sent again, elsewhere.
        if (chance.happens(0.8)) queue = queue.filter(({ kept }) => kept.result === null);
      } else if (answer.is === 'no') {
        history.wrong.push(`P9 a door was told ${answer.code}`);
      }
      if (ending) {
        end = Math.min(end, machineTime() + AT_LAST);
        if (machineTime() > end) {
          history.wrong.push(`F1 ${queue.length} clicks of a door were never answered`);
          return;
        }
      }
      await pause(chance.between(EVERY / 2, EVERY * 1.5));
    }
  }

  const keeping: Promise<void>[] = [];
  for (const { noso } of gatherings) {
    for (const name of ['North', 'South']) {
      const { token } = await api.own<{ token: string }>('POST', `/api/nosos/${noso}/doors`, {
        name,
      });
      keeping.push(keep(noso, token));
    }
  }
  return {
    async stop() {
      ending = true;
      await Promise.all(keeping);
    },
  };
}
