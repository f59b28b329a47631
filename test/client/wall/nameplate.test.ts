// What a wall shows besides while it shows its name, and what is said where there is no room.
import * as assert from 'uvu/assert';
import { gridOf } from '../../../client/wall/layout/grid.js';
import { inkWidth, type Marks } from '../../../client/wall/layout/mark.js';
import { withName } from '../../../client/wall/layout/nameplate.js';
import { silenceRoom } from '../../../client/wall/layout/rooms.js';
import { NOTHING_HELD, onSnapshot } from '../../../client/wall/model/held.js';
import { suite } from '../../support/suite.js';
import { HD, marksOf, PORTRAIT, type Size, settingFor, textIn } from './settings.js';
import { snapshotAt, VENUE } from './snapshot.js';

const test = suite('a wall that shows its name');
const NOW = Date.UTC(2026, 10, 12, 14);
const CODE = { code: 'HJK-749-CDM', url: 'https://noso.example/j/HJK-749-CDM', validUntil: '' };
const SIZES: Size[] = [HD, PORTRAIT, [1024, 600], [1280, 720], [768, 1366], [1024, 768]];

const text = (marks: Marks, slot: 'name' | 'code' | 'label' | 'head' | 'head2') => {
  const mark = marks[slot];
  if (mark?.kind !== 'text') throw new Error(`no ${slot}`);
  return mark;
};
const bar = (marks: Marks) => {
  const mark = marks.nameGround;
  if (mark?.kind !== 'bar') throw new Error('no ground');
  return mark;
};

test('a row of numbers is under the name’s black or above it, and none is cut in two', () => {
  for (const size of SIZES)
    for (const seats of [12, 50, 160, 400]) {
      const setting = settingFor('fr', size);
      const room = silenceRoom(setting, 0, 3, seats, false);
      const grid = gridOf(room, setting.type, seats, 6, 2);
      if (!grid) throw new Error('no grid');
      const { y, height } = bar(withName(setting, 'Grande salle', {}, grid));
      for (let row = 0; row < grid.rows; row += 1) {
        const top = grid.top + row * grid.pitchY;
        const isAbove = top + grid.height <= y;
        const isUnder = top >= y && top + grid.height <= y + height;
        assert.ok(isAbove || isUnder, `${size.join(' × ')}, ${seats} seats, row ${row}`);
      }
    }
});

test('the code that hangs beside is not touched; a long name gives way to it', () => {
  for (const size of SIZES)
    for (const starts of [-120_000, 480_000]) {
      const noso = { startsAt: new Date(NOW + starts).toISOString() };
      const held = onSnapshot(NOTHING_HELD, snapshotAt(NOW, { count: 40, code: CODE }, noso), NOW);
      const setting = settingFor('fr', size);
      const plain = marksOf(held, NOW, 'fr', size, { digits: 2, hanging: 54 });
      const marks = withName(
        setting,
        'La plus grande de toutes nos salles de lecture',
        plain,
        null,
      );
      const { y, width } = bar(marks);
      const [code, name] = [text(marks, 'code'), text(marks, 'name')];
      assert.equal([code, marks.qr], [plain.code, plain.qr], 'nothing moves');
      assert.ok(code.y <= y || code.x >= width, `${size.join(' × ')}: the code is seen`);
      assert.ok(name.x + inkWidth(setting.type, name) <= width, 'the name is on its black');
    }
});

test('a room is named where its venue’s name leaves it no room', () => {
  const venue = { ...VENUE, name: 'Bibliothèque municipale des Quais de la Rivière' };
  const wall = { name: 'Salle des périodiques', diagonal: null, distance: null, walls: 2 };
  const held = onSnapshot(NOTHING_HELD, snapshotAt(NOW, { wall, count: 3 }, { venue }), NOW);
  assert.is(textIn(marksOf(held, NOW, 'fr', PORTRAIT), 'under'), wall.name);
  assert.ok(textIn(marksOf(held, NOW, 'fr', [3840, 1080]), 'under')?.endsWith(`, ${wall.name}`));
});

test('the thanks say the hours of the silence itself, on every shape of wall', () => {
  const noso = {
    state: 'closed' as const,
    openedAt: new Date(NOW - 40 * 60_000).toISOString(),
    startsAt: new Date(NOW - 30 * 60_000).toISOString(),
  };
  const closed = snapshotAt(NOW, { effectiveAt: NOW - 5000 }, noso);
  const held = onSnapshot(NOTHING_HELD, closed, NOW);
  for (const size of SIZES) {
    const marks = marksOf(held, NOW, 'en', size);
    const said = (['hour', 'end'] as const).map((slot) => textIn(marks, slot)).filter(Boolean);
    assert.equal(said, ['14:30 – 14:59'], size.join(' × '));
    const more = (['remaining', 'third'] as const).map((slot) => textIn(marks, slot));
    assert.ok(more.includes('you may speak; there is no hurry'));
  }
});

test('lines that run from right to left begin at the same right end, those from left to right at the left', () => {
  const titles = {
    rtl: 'ساعة من الصمت في المكتبة الوطنية على ضفاف النهر '.repeat(2).trim(),
    ltr: 'Une heure entière pour ne rien faire ensemble, au bord de la rivière',
  };
  for (const [direction, title] of Object.entries(titles)) {
    const held = onSnapshot(NOTHING_HELD, snapshotAt(NOW, { count: 3 }, { title }), NOW);
    const marks = marksOf(held, NOW, 'fr', [1024, 600]);
    const { type } = settingFor('fr');
    const [left, right] = (['head', 'head2'] as const)
      .map((slot) => text(marks, slot))
      .map((mark) => mark.x + type.ink(mark.text).before * mark.size)
      .map((x, k) => [x, x + inkWidth(type, text(marks, k === 0 ? 'head' : 'head2'))])
      .reduce<number[][]>(
        ([a = [], b = []], [x = 0, y = 0]) => [
          [...a, x],
          [...b, y],
        ],
        [],
      );
    const same = direction === 'rtl' ? right : left;
    assert.ok(Math.abs((same?.[0] ?? 0) - (same?.[1] ?? 1)) < 0.01, `${direction}: ${same}`);
  }
});
