// What the tests of codes on a wall share: every state that shows one, read from afar.
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/protocol/wire.js';
import { until } from '../support/wait.js';
import { readers } from './decode.js';
import { codeOf, type FakeWall, nosoAt, someNumbers, VENUE } from './fakewall.js';
import { openScreen, screened } from './wall.js';

const MINUTE = 60_000;
const CODE = codeOf('HJK-749-CDM');
const PAGE = 'https://noso.example/n/5f0c2a7d9b1e';

type Asked = { what: string; from: number; count: number; width: number; code?: boolean };
/** `from`: minutes into an hour of silence. `width`: of the picture that it is read from. */
const STATES: Asked[] = [
  { what: 'before the doors', from: -20, count: 0, width: 480, code: false },
  { what: 'while it gathers', from: -5, count: 143, width: 480 },
  { what: 'in the first minutes', from: 2, count: 12, width: 480 },
  { what: 'in the first minutes of a crowd', from: 2, count: 600, width: 480 },
  { what: 'until the last third', from: 10, count: 600, width: 960 },
  { what: 'in the last third', from: 50, count: 600, width: 1920 },
  { what: 'in the first minutes, without numbers', from: 2, count: -42, width: 480 },
];

function scene(fake: FakeWall, { from, count, code = true }: Asked): Partial<Snapshot> {
  const startsAt = fake.now() - from * MINUTE;
  const state = code ? 'open' : 'scheduled';
  const noso = nosoAt(VENUE, startsAt, startsAt + 60 * MINUTE, { state });
  return {
    noso: { ...noso, show: count < 0 ? 'count' : 'numbers' },
    count: Math.abs(count),
    numbers: count < 0 ? null : someNumbers(count),
    code: code ? CODE : null,
    page: PAGE,
  };
}

/** A test's body: on a wall of that size every code is read from as far as it has to be. */
export const everyCodeIsRead = (width: number, height: number): (() => Promise<void>) =>
  screened(async (fake, browser) => {
    const options = { viewport: { width, height }, reducedMotion: 'reduce' } as const;
    const wall = await openScreen(browser, fake.url(), options);
    for (const [k, state] of STATES.entries()) {
      const { noso, ...rest } = scene(fake, state);
      const title = `NoSo ${k}`;
      fake.snapshot({ ...rest, noso: noso ? { ...noso, id: state.what, title } : null });
      const says = `document.querySelector('main').textContent.includes('${title}')`;
      await until(
        async () => (await wall.page.evaluate(says)) === true && (await wall.text('code')) !== null,
      );
      const read = readers(await wall.page.screenshot(), state.width);
      const wanted = state.code === false ? PAGE : CODE.url;
      assert.equal(read, { zbar: wanted, jsqr: wanted }, `${state.what}, ${width} × ${height}`);
    }
  });
