import * as assert from 'uvu/assert';
import { clientModule, inBrowser } from '../../support/clientModule.js';
import { suite } from '../../support/suite.js';

const test = suite("a console's line");

test('W4 F2 a console says that it is cut off the moment its line is; sent away it comes again', async () => {
  const told: string[] = [];
  const did: string[] = [];
  const timers: [work: () => void, ms: number][] = [];
  const heard = new Map<string, (...what: unknown[]) => void>();
  const says = (event: string, ...what: unknown[]) => heard.get(event)?.(...what);
  const line = {
    active: true,
    on: (event: string, hear: () => void) => void heard.set(event, hear),
    connect: () => void did.push('connect'),
    close: () => void did.push('close'),
  };
  const deaf = { addEventListener: () => {}, removeEventListener: () => {} };
  const script = { onload: () => {} };
  const globals = {
    ...{ ...deaf, window: { nosoLine: () => line } },
    document: {
      ...{ ...deaf, hidden: false, createElement: () => script },
      head: { append: () => script.onload() },
    },
    ...{ setInterval: () => 0, clearInterval: () => {}, clearTimeout: () => {} },
    setTimeout: (...timer: (typeof timers)[0]) => timers.push(timer),
  };
  const { goLive } = await clientModule<{
    goLive: (store: object, api: object) => () => void;
  }>('client/organizer/liveLine.ts');
  await inBrowser(globals, async () => {
    const store = new Proxy({}, { get: (_, name) => () => told.push(String(name)) });
    const stop = goLive(store, {});
    // The script is there at once: what is left of connecting takes no time.
    await new Promise(setImmediate);
    says('connect');
    says('nosos', { nosos: [], serverTime: 1 });
    assert.equal(told.splice(0), ['hearNotes', 'hearNosos']);
    says('disconnect', 'transport close');
    assert.equal(told.splice(0), ['cutOff'], 'not at the next look, four seconds later');
    assert.equal([did, timers], [[], []], 'the client comes back by itself');
    says('connect_error', Object.assign(new Error(), { data: { code: 'unavailable' } }));
    assert.equal(told.splice(0), ['cutOff'], 'nor is a line that does not come about one');
    assert.equal(timers, []);

    says('disconnect', 'io server disconnect');
    assert.equal(told, ['cutOff']);
    const [[again, ms] = [() => {}, 0]] = timers;
    assert.equal([did, timers.length, ms], [[], 1, 4000]);
    again();
    stop();
    assert.equal(did, ['connect', 'close']);
  });
});
