import * as assert from 'uvu/assert';
import type { Noso, Seat } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';

const test = suite('coming back through another browser');

type Back = { token: string; seat: Seat };
const comeBack = (api: TestApi, body: object) => api.call<Back>('POST', '/api/returns', body);
const countOf = async (api: TestApi, noso: string) =>
  (await api.own<Noso>('GET', `/api/nosos/${noso}`)).count;
/** Another code of the same shape. */
const other = (code: string) => code.replace(/^./, (sign) => (sign === 'X' ? 'Y' : 'X'));

test(
  'P10 P8 a number and its return code go on with the seat, and use the pass up',
  served(async (_, api) => {
    const noso = await api.noso();
    const { seat } = (await api.enter(noso.id, { keep: true })).body;
    const { number, returnCode } = seat;
    assert.match(returnCode, /^[346789CDFGHJKMNPQRTVWXY]{3}-[346789CDFGHJKMNPQRTVWXY]{3}$/);
    const pass = await api.pass(noso.id);
    for (const wrong of [other(returnCode), 'nonsense', '', 'X'.repeat(60)].filter(Boolean)) {
      const refused = await comeBack(api, { pass, number, returnCode: wrong });
      assert.equal([refused.body.code, refused.body.reason], ['bad_code', 'return'], wrong);
    }
    const typed = returnCode.toLowerCase().replace('-', ' ');
    const back = await comeBack(api, { pass, number, returnCode: typed });
    assert.is(back.status, 200, JSON.stringify(back.body));
    assert.equal([back.body.seat.number, back.body.seat.since], [number, seat.since]);
    assert.is(await countOf(api, noso.id), 1);
    // The pass stands for that number now; asked again it is the same answer.
    assert.is((await comeBack(api, { pass, number, returnCode })).status, 200);
    const stranger = await api.person(noso.id);
    assert.is((await api.sit(stranger.token, pass)).body.reason, 'pass_used');
    assert.is((await api.call<Back>('POST', '/api/seats', { pass })).body.seat.number, number);
    // One that was used by somebody else brings nobody back.
    const used = { pass: stranger.pass, number, returnCode };
    assert.is((await comeBack(api, used)).body.reason, 'return');
    // The token is one that is not kept, whatever the first was; it leaves as any other.
    const elsewhere = await api.noso();
    const there = await api.sit(back.body.token, await api.pass(elsewhere.id));
    assert.is(there.body.code, 'forbidden');
    assert.is((await api.leave(back.body.token, noso.id)).status, 204);
    const over = { pass: await api.pass(noso.id), number, returnCode };
    assert.is((await comeBack(api, over)).body.reason, 'return', 'that sitting is over');
  }),
);

test(
  'P10 while it is full, when no wall shows a code, it goes without a pass, ten times a minute',
  served(async (_, api) => {
    const noso = await api.noso({ capacity: 2 });
    const { number, returnCode } = (await api.enter(noso.id)).body.seat;
    assert.is((await comeBack(api, { number, returnCode })).body.reason, 'return', 'there is room');
    assert.is((await api.enter(noso.id)).status, 201);
    assert.is((await comeBack(api, { number, returnCode })).status, 200);
    for (let k = 0; k < 9; k += 1) {
      const wrong = await comeBack(api, { number, returnCode: other(returnCode) });
      assert.is(wrong.body.reason, 'return');
    }
    const limited = await comeBack(api, { number, returnCode });
    assert.equal([limited.status, limited.body.reason], [429, 'guesses']);
    assert.ok((limited.body.retryAfter ?? 0) >= 1);
    // With a pass nobody is kept waiting.
    const beside = await api.noso();
    const mine = (await api.enter(beside.id)).body.seat;
    const pass = await api.pass(beside.id);
    const back = { pass, number: mine.number, returnCode: mine.returnCode };
    assert.is((await comeBack(api, back)).status, 200);
  }),
);

test(
  'L5 people counted by eye stand in the record, beside the seats, until a day after',
  served(async (_, api) => {
    const noso = await api.noso();
    const path = `/api/nosos/${noso.id}/headcount`;
    const first = await api.own<{ at: string; count: number }>('PUT', path, { count: 12 });
    assert.is(first.count, 12);
    assert.equal(await api.own('PUT', path, { count: 12 }), first, 'sent again: the same');
    await api.own('PUT', path, { count: 14 });
    assert.is((await api.enter(noso.id)).status, 201);
    const soFar = await api.record(noso.id);
    assert.equal(
      soFar.headcounts.map(({ count }) => count),
      [12, 14],
    );
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await api.own('PUT', path, { count: 9 });
    const record = await api.record(noso.id);
    assert.equal(
      record.headcounts.map(({ count }) => count),
      [12, 14, 9],
    );
    assert.equal([record.total, record.headcounts[0]], [1, first]);
    const planned = await api.noso({}, false);
    const early = await api.call(
      'PUT',
      `/api/nosos/${planned.id}/headcount`,
      { count: 1 },
      api.token,
    );
    assert.is(early.body.code, 'conflict');
    for (const count of [-1, 1.5, '3', null]) {
      assert.is((await api.call('PUT', path, { count }, api.token)).status, 400);
    }
  }),
);
