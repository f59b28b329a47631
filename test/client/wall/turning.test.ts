import * as assert from 'uvu/assert';
import { lay, type Wanted } from '../../../client/wall/layout/floor.js';
import { leastSize } from '../../../client/wall/layout/frame.js';
import type { Room } from '../../../client/wall/layout/grid.js';
import { gatheringRoom, silenceRoom } from '../../../client/wall/layout/rooms.js';
import { isOf, turnAt } from '../../../client/wall/layout/turning.js';
import { suite } from '../../support/suite.js';
import { type Size, settingFor } from './settings.js';

const test = suite('a field that turns pages');

/** So many numbers of six digits, spread over all that there are. */
const some = (n: number) =>
  new Set(Array.from({ length: n }, (_, k) => String(100_000 + ((k * 618_033) % 900_000))));

function wanted(n: number, size: Size = [1920, 1080], gathers = false): Wanted {
  const setting = settingFor('fr', size);
  const room = (seats: number, paged: boolean): Room =>
    gathers
      ? gatheringRoom(setting, paged)
      : silenceRoom(setting, 0, String(n).length, seats, paged);
  const least = leastSize(setting.frame, setting.type.cap, { diagonal: 55, distance: 4 });
  return { key: size.join(), room, type: setting.type, numbers: some(n), least, turn: 0 };
}
const shown = (laid: ReturnType<typeof lay>) => [...(laid.floor.seats?.cellOf.keys() ?? [])];

test('5,000 numbers on 55 inch from 4 m turn 16 pages: equal shares, ascending, down the columns', () => {
  const all: string[] = [];
  for (let turn = 0; turn < 16; turn++) {
    const laid = lay(null, { ...wanted(5000), turn }, Math.random);
    const { page, seats } = laid.floor;
    assert.is(page?.pages, 16);
    assert.is(page?.page, turn + 1);
    const here = shown(laid);
    assert.equal([page?.first, page?.last], [here[0], here[here.length - 1]]);
    assert.ok(here.length >= 312 && here.length <= 313, 'equal shares');
    const black = (seats?.free.length ?? 0) / (here.length + (seats?.free.length ?? 0));
    assert.ok(black > 0.03 && black < 0.12, `${black} of the cells are left black`);
    const { columns } = seats?.grid ?? { columns: 1 };
    const order = [...(seats?.cellOf.values() ?? [])].map((cell) => [
      cell % columns,
      Math.floor(cell / columns),
    ]);
    for (const [k, [column = 0, row = 0]] of order.entries()) {
      const [c = 0, r = 0] = order[k + 1] ?? [columns, 0];
      assert.ok(c > column || (c === column && r > row), 'down the columns');
    }
    all.push(...here);
  }
  assert.equal(all, [...some(5000)].sort(), 'everybody, once, in ascending order');
});

test('walls of the same layout show the same page at the same time, to the cell', () => {
  const one = lay(null, { ...wanted(3000), turn: turnAt(1_700_000_000_000) }, Math.random);
  const numbers = new Set([...some(3000)].reverse());
  const two = lay(
    null,
    { ...wanted(3000), numbers, turn: turnAt(1_700_000_000_000 + 1) },
    Math.random,
  );
  assert.equal(one.floor.page, two.floor.page);
  assert.equal([...(one.floor.seats?.cellOf ?? [])], [...(two.floor.seats?.cellOf ?? [])]);
});

test('W6 while a page stands nothing on it moves: who comes takes a black cell, who goes leaves one', () => {
  const first = lay(null, wanted(5000), Math.random);
  const before = new Map(first.floor.seats?.cellOf);
  const [gone = '', ...stay] = shown(first);
  const { page } = first.floor;
  const come = '100001';
  assert.ok(page && isOf(page, come) && !before.has(come));
  const numbers = new Set([...some(5000), come, '999998']);
  numbers.delete(gone);
  const next = lay(first.floor, { ...wanted(5000), numbers }, Math.random);
  assert.not.ok(next.relaid);
  assert.equal(next.moves.coming, [come], 'only who is of this page');
  assert.equal([...next.moves.going.keys()], [gone]);
  for (const number of stay) assert.is(next.floor.seats?.cellOf.get(number), before.get(number));
  const many = new Set([...some(5000), ...Array.from({ length: 60 }, (_, k) => `1000${k + 10}`)]);
  const crowd = lay(next.floor, { ...wanted(5000), numbers: many }, Math.random);
  assert.ok((crowd.floor.seats?.free.length ?? 9) <= 1, 'as many as there are black cells');
  const turned = lay(crowd.floor, { ...wanted(5000), turn: 1 }, Math.random);
  assert.ok(turned.relaid);
  assert.is(turned.floor.page?.page, 2);
});

test('numbers of other lengths are ascending as numbers are', () => {
  const numbers = new Set([...some(4000), '9999', '10000', '99999']);
  const { floor } = lay(null, { ...wanted(4000), numbers }, Math.random);
  assert.equal([...(floor.seats?.cellOf.keys() ?? [])].slice(0, 3), ['9999', '10000', '99999']);
});

test('1 to 10,000 numbers on any screen from 1024 × 600 up: everybody is seen within a turn', () => {
  for (const size of [
    [1024, 600],
    [1024, 768],
    [1280, 1024],
    [1920, 1080],
    [3840, 2160],
    [1080, 1920],
    [600, 1024],
  ] as const)
    for (const gathers of [false, true])
      for (const n of gathers ? [1, 180, 1000] : [1, 12, 180, 10_000]) {
        const seen = new Set<string>();
        const asked = wanted(n, size, gathers);
        let pages = 1;
        for (let turn = 0; turn < pages; turn++) {
          const laid = lay(null, { ...asked, turn }, Math.random);
          assert.ok(laid.floor.seats, `${n} at ${size}`);
          assert.ok((laid.floor.seats?.grid.size ?? 0) >= asked.least - 0.001, 'readable');
          pages = laid.floor.page?.pages ?? 1;
          for (const number of shown(laid)) seen.add(number);
        }
        assert.is(seen.size, n, `${n} at ${size}`);
      }
});

test('there are no pages where everybody fits', () => {
  assert.is(lay(null, wanted(180), Math.random).floor.page, null);
  assert.is(lay(null, wanted(0), Math.random).floor.page, null);
});
