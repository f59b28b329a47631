import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Engine } from '../../src/engine/engine.js';
import { locally } from '../support/local.js';
import { suite } from '../support/suite.js';

const test = suite('what of the store is read');

/** An engine that counts what is asked of it; time stands still, so that nobody looks by himself. */
function counted() {
  const asked: string[] = [];
  const wrap = (engine: Engine): Engine =>
    new Proxy(engine, {
      get(target, name: keyof Engine) {
        const verb = target[name];
        if (typeof verb !== 'function' || name === 'now') return verb;
        return (...args: unknown[]) => {
          asked.push(name);
          return (verb as (...args: unknown[]) => unknown).apply(target, args);
        };
      },
    });
  const take = () => asked.splice(0);
  return { wrap, take };
}

const { wrap, take } = counted();
const clock = manualClock(Date.now());

test(
  'a node reads its own write once, and what anybody asks not at all',
  locally(
    async ({ api }) => {
      const noso = await api.noso({}, false);
      take();
      assert.is((await api.call('GET', `/api/nosos/${noso.id}`)).status, 200);
      assert.is((await api.call('GET', '/api/nosos?city=lyon')).status, 200);
      assert.equal(take(), [], 'the mirror has it');
      await api.own('PATCH', `/api/nosos/${noso.id}`, { title: 'Une autre' });
      assert.equal(
        take(),
        ['command', 'changesSince', 'intents'],
        'organizers see how many mean to come',
      );
      await api.own('POST', `/api/nosos/${noso.id}/open`);
      const reads = take();
      assert.is(reads[0], 'command');
      assert.is(reads.filter((verb) => verb === 'changesSince').length, 1, reads.join(' '));
      assert.is((await api.call('GET', `/api/nosos/${noso.id}`)).status, 200);
      assert.equal(take(), [], 'nobody may see a count, so that none is asked for');
      assert.is((await api.call('GET', '/api/nosos/nothing')).status, 404);
      assert.equal(take(), ['changesSince'], 'it may be of another node: looked for once');
    },
    { wrap, clock },
  ),
);
