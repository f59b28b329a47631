import * as assert from 'uvu/assert';
import type { Taken } from '../../src/domain/seating.js';
import type { Engine } from '../../src/engine/engine.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import {
  asking,
  countOf,
  newId,
  opened,
  planned,
  refused,
  seated,
  tallied,
} from './contract/cast.js';
import { historyStories } from './contract/history.js';

/** Three nodes that share one store, and hold nothing yet. */
export type Nodes = {
  nodes: readonly [Engine, Engine, Engine];
  /** Closes them. */
  stop: () => Promise<void>;
};

/** What engines guarantee that many nodes share, beyond the contract of each. */
export function distributed(name: string, open: () => Promise<Nodes>): void {
  const test = suite(`${name}: several nodes`);
  const story = (title: string, tell: (nodes: Nodes['nodes']) => Promise<void>) =>
    test(title, async () => {
      const { nodes, stop } = await open();
      try {
        await tell(nodes);
      } finally {
        await stop();
      }
    });

  story('P2 P3 one number, asked for on every node at once, is one seat', async (nodes) => {
    const [one] = nodes;
    const id = await opened(one);
    const numbers = await one.draw(30);
    const answers = await Promise.all(
      numbers.map((n) => Promise.all(nodes.map((node) => node.take(id, asking(node, n))))),
    );
    for (const [first, ...others] of answers)
      for (const other of others) assert.equal(other, first);
    for (const node of nodes) assert.is(await countOf(node, id), 30);
  });

  story('P8 P10 what is bounded at a NoSo is bounded over all nodes together', async (nodes) => {
    const [one] = nodes;
    const id = await opened(one);
    const asked = Array.from({ length: 90 }, (_, k) =>
      (nodes[k % 3] as Engine).ration(id, k < 60 ? 'ways' : 'tries', k < 60 ? 25 : 10),
    );
    const given = (await Promise.all(asked)).map((place) => place !== null);
    assert.is(given.slice(0, 60).filter(Boolean).length, 25);
    assert.is(given.slice(60).filter(Boolean).length, 10);
  });

  story('P5 the last seats go to as many, whatever node they ask', async (nodes) => {
    const [one] = nodes;
    const id = await opened(one, { capacity: 10 });
    const numbers = await one.draw(150);
    const asked = numbers.map((n, k) => {
      const node = nodes[k % 3] as Engine;
      return node.take(id, asking(node, n));
    });
    assert.equal(await tallied(asked), { granted: 10, full: 140 });
    for (const node of nodes) assert.is((await node.tail(id, null)).peak, 10);
  });

  story('P4 P6 what ends on one node has ended on all', async ([one, two, three]) => {
    const id = await opened(one);
    const [who, other] = (await seated(one, id, 2)) as [Taken, Taken];
    assert.is(await two.leave(id, who.number, who.sitting), true);
    assert.is(await three.leave(id, who.number, who.sitting), false);
    assert.is((await three.seat(id, who.number))?.seated, false);
    const pass = { proof: { kind: 'seat', sitting: 1 } } as const;
    await refused(one.take(id, asking(one, who.number, pass)), 'conflict');
    assert.equal((await three.seats(id, three.now() + 1000)).numbers, [other.number]);
    const { changes } = await two.tail(id, 0);
    assert.equal(
      changes?.map((c) => c.seated),
      [true, true, false],
    );
  });

  story('L1 one node opens and one closes; the others hear that it is done', async (nodes) => {
    const [one] = nodes;
    const id = await planned(one);
    const openings = nodes.map((node) => node.command(id, { do: 'open', by: 'organizer' }));
    assert.equal(await tallied(openings), { granted: 1, conflict: 2 });
    await seated(one, id, 3);
    const closings = nodes.map((node) => node.command(id, { do: 'close', by: 'organizer' }));
    assert.equal(await tallied(closings), { granted: 1, conflict: 2 });
    for (const node of nodes) {
      const { changes } = await node.changesSince(0);
      const noso = changes.find((c) => c.kind === 'noso' && c.id === id);
      assert.ok(noso?.kind === 'noso' && noso.document?.life.is === 'closed');
      assert.is(noso.document.life.totals.total, 3);
    }
  });

  story('L2 a venue has one open NoSo, whoever opens', async (nodes) => {
    const venue = newId();
    const ids = await Promise.all(nodes.map((node) => planned(node, { venue })));
    const openings = nodes.map((node, k) => {
      return node.command(ids[k] as string, { do: 'open', by: 'organizer' });
    });
    assert.equal(await tallied(openings), { granted: 1, conflict: 2 });
  });

  story('L4 after a close nobody sits, on any node', async (nodes) => {
    const [one, two, three] = nodes;
    const id = await opened(one);
    const numbers = await one.draw(60);
    const asked = numbers.map((n, k) => {
      const node = nodes[k % 3] as Engine;
      return node.take(id, asking(node, n));
    });
    const { life } = await two.command(id, { do: 'close', by: 'organizer' });
    const late = three.take(id, asking(three, numbers[0] as number));
    await refused(late, 'not_open');
    const { granted = 0 } = await tallied(asked);
    assert.is(life.is === 'closed' ? life.totals.total : null, granted);
  });

  story('A4 nodes that draw at once never draw the same', async (nodes) => {
    const groups = await Promise.all(nodes.flatMap((node) => [node.draw(200), node.draw(1)]));
    assert.is(new Set(groups.flat()).size, 603);
  });

  story('an id is spent once, on whatever node', async (nodes) => {
    const id = newId();
    const [one] = nodes;
    const answers = await Promise.all(nodes.map((node) => node.spend(id, one.now() + 60_000)));
    assert.is(answers.filter(Boolean).length, 1);
  });

  story('W3 a bell is heard on every node that watches, and on no other', async (nodes) => {
    const [one, two, three] = nodes;
    const id = await opened(one);
    const other = await opened(one);
    let [heard, elsewhere] = [0, 0];
    const stops = [two.watch(id, () => (heard += 1)), three.watch(other, () => (elsewhere += 1))];
    // Watching is asked for, not waited for: once it stands it rings, for what rang before.
    await until(() => heard > 0 && elsewhere > 0, { what: 'both to stand' });
    [heard, elsewhere] = [0, 0];
    await until(
      async () => {
        await seated(one, id, 1);
        return heard > 0;
      },
      { what: 'a bell on the other node', every: 100 },
    );
    for (const stop of stops) stop();
    assert.is(elsewhere, 0);
  });

  story('W3 the last of many changes is rung too', async ([one, two]) => {
    const id = await opened(one);
    let count = 0;
    const stop = two.watch(id, async () => {
      count = Math.max(count, await countOf(two, id));
    });
    await until(
      async () => {
        await seated(one, id, 1);
        return count > 0;
      },
      { what: 'the first bell', every: 100 },
    );
    for (let k = 0; k < 40; k += 1) await seated(one, id, 5);
    const all = await countOf(one, id);
    await until(() => count === all, { what: 'the last seat', deadline: 1000 });
    stop();
  });

  story('a clock for all: nodes agree on the time', async (nodes) => {
    // On a busy machine the first answers are slow, and tell little: they ask every second.
    const apart = () => {
      const times = nodes.map((node) => node.now());
      return Math.max(...times) - Math.min(...times);
    };
    await until(() => apart() < 50, { what: 'them to agree within 50 ms' });
  });

  // The same histories, each request going to another node.
  historyStories((title, tell) =>
    story(`${title}, on whatever node`, async (nodes) => {
      const never = () => Promise.reject(new Error('nodes in turn are not restarted'));
      await tell(inTurn(nodes), never);
    }),
  );
}

/** One engine to look at, whose every request goes to the next node. */
function inTurn(nodes: Nodes['nodes']): Engine {
  let turn = 0;
  return new Proxy(nodes[0], {
    get(_, verb) {
      turn += 1;
      const node = nodes[turn % nodes.length] as Engine;
      const value: unknown = Reflect.get(node, verb);
      return typeof value === 'function' ? value.bind(node) : value;
    },
  });
}
