import { readFileSync } from 'node:fs';
import * as assert from 'uvu/assert';
import { compose } from '../../../client/wall/layout/compose.js';
import { frameOf } from '../../../client/wall/layout/frame.js';
import type { Slot } from '../../../client/wall/layout/mark.js';
import type { Setting } from '../../../client/wall/layout/parts.js';
import { type Held, NOTHING_HELD, onSnapshot } from '../../../client/wall/model/held.js';
import { countdown, darkness, instants, sceneAt } from '../../../client/wall/model/scene.js';
import type { Noso, Snapshot } from '../../../src/protocol/wire.js';
import type { Words } from '../../../src/service/words.js';
import { suite } from '../../support/suite.js';
import { typeface } from './inter.js';
import { snapshotAt } from './snapshot.js';

const test = suite('what a wall shows');
/** 14:00 in Paris. */
const NOW = Date.UTC(2026, 10, 12, 13, 0, 0);
const MINUTE = 60_000;

function settingFor(language: string, width = 1920, height = 1080): Setting {
  const file = new URL(`../../../client/words/${language}.json`, import.meta.url);
  const { wall, time } = JSON.parse(readFileSync(file, 'utf8')) as Words;
  const frame = frameOf({ width, height, ratio: 1 });
  return { frame, type: typeface(), wall, time, language, stepped: false };
}

const holding = (change: Partial<Snapshot> = {}, noso: Partial<Noso> = {}): Held =>
  onSnapshot(NOTHING_HELD, snapshotAt(NOW, change, noso), NOW);

/** The texts on a wall at `at`, in `language`. */
function texts(held: Held, at: number, language = 'fr', size: [number, number] = [1920, 1080]) {
  const marks = compose(settingFor(language, ...size), sceneAt(held, at), {
    digits: 1,
    countOnly: false,
  });
  return (slot: Slot) => {
    const mark = marks[slot];
    return mark?.kind === 'text' ? mark.text.replace(/\u00a0/g, ' ') : null;
  };
}

const SCHEDULED: Partial<Noso> = {
  state: 'scheduled',
  startsAt: new Date(NOW + 5 * MINUTE).toISOString(),
};
const CODE = { code: 'HJK-749-CDM', url: 'https://noso.example/j/HJK-749-CDM', validUntil: '' };

test('the countdown is m:ss, h:mm:ss from an hour on, and the hour alone above 12 h', () => {
  assert.is(countdown(0), '0:00');
  assert.is(countdown(1), '0:01');
  assert.is(countdown(258_000), '4:18');
  assert.is(countdown(3_599_000), '59:59');
  assert.is(countdown(3_600_000), '1:00:00');
  assert.is(countdown(12 * 3_600_000), '12:00:00');
  assert.is(countdown(12 * 3_600_000 + 1), null);
});

test('before: countdown, title, hours, address and code, in the venue’s language', () => {
  const held = holding({ code: CODE }, SCHEDULED);
  const fr = texts(held, NOW);
  assert.equal(
    (['figure', 'label', 'title', 'head', 'hour', 'remaining', 'end', 'endUnder'] as const).map(fr),
    [
      '5:00',
      'avant le silence',
      'Une heure pour rien',
      'Bibliothèque des Quais',
      '14 h 05',
      'jusqu’à 14 h 50',
      'noso.example/j',
      'ou tapez le code',
    ],
  );
  const en = texts(held, NOW, 'en');
  assert.equal((['label', 'hour', 'remaining', 'endUnder'] as const).map(en), [
    'until silence',
    '14:05',
    'until 14:50',
    'or type the code',
  ]);
});

test('during: the count, singular at 1, nobody at 0; what is left', () => {
  const shown = (count: number, language?: string) => {
    const text = texts(holding({ count }), NOW + 1, language);
    return [text('figure'), text('label')];
  };
  assert.equal(shown(0), ['0', 'personne, pour l’instant']);
  assert.equal(shown(1), ['1', 'personne, en silence']);
  assert.equal(shown(2), ['2', 'personnes, en silence']);
  assert.equal(shown(0, 'en'), ['0', 'nobody, so far']);
  assert.equal(shown(1, 'en'), ['1', 'person, in silence']);
  assert.equal(shown(2, 'en'), ['2', 'people, in silence']);
  const text = texts(holding(), NOW + 13 * MINUTE + 1);
  assert.is(text('remaining'), 'l’heure, elle, est sûre', 'nothing was heard for 13 minutes');
  assert.is(texts(holding(), NOW + 1)('remaining'), 'encore 50 minutes');
  assert.is(texts(holding(), NOW + 1, 'en')('remaining'), '50 minutes left');
});

test('full: one word instead of the code', () => {
  const text = texts(holding({ count: 60, code: CODE }, { capacity: 60 }), NOW + 1);
  assert.equal(
    [text('end'), text('endUnder'), text('code')],
    ['Complet', 'dehors, c’est libre', null],
  );
});

test('W4 five seconds without a beat: the count is of the last beat, and said to be', () => {
  const held = holding({ count: 180, code: CODE });
  assert.is(texts(held, NOW + 5000)('end'), null);
  const text = texts(held, NOW + 5001);
  assert.equal(
    [text('figure'), text('label'), text('end'), text('code')],
    ['180', 'à 14 h', 'liaison coupée', null],
  );
  const marks = compose(settingFor('fr'), sceneAt(held, NOW + 5001), {
    digits: 3,
    countOnly: false,
  });
  const figure = marks.figure;
  assert.ok(figure?.kind === 'text' && figure.tone === 'amber' && figure.outline > 4);
});

test('W7 a wall that is cut off acts on the schedule that it knows', () => {
  const before = holding({ code: CODE }, SCHEDULED);
  const start = NOW + 5 * MINUTE;
  assert.is(texts(before, start - 60_000)('figure'), '1:00', 'the clock is known');
  assert.is(texts(before, start - 60_000)('code'), null);
  assert.equal(
    [texts(before, start + 2001)('figure'), texts(before, start + 2001)('label')],
    ['–', 'à 14 h'],
  );

  const during = holding({ count: 12 });
  const end = NOW + 50 * MINUTE;
  assert.is(sceneAt(during, end - 1).kind, 'during');
  const text = texts(during, end);
  assert.equal(
    [text('figure'), text('label'), text('title')],
    ['12', 'personnes, à 14 h', 'Merci.'],
  );
});

test('after: the last count that this wall saw live, or thanks without a figure', () => {
  const open = holding({ count: 12 });
  const closed = snapshotAt(NOW, { count: 0, effectiveAt: NOW + 1000 }, { state: 'closed' });
  const seen = onSnapshot(open, closed, NOW);
  const text = texts(seen, NOW + 1000);
  assert.equal(
    [text('figure'), text('label'), text('title'), text('hour')],
    ['12', 'personnes, pas un mot', 'Merci.', '13 h 50 – 14 h'],
  );
  const late = texts(onSnapshot(NOTHING_HELD, closed, NOW + 2000), NOW + 2000);
  assert.equal([late('figure'), late('label'), late('title')], [null, null, 'Merci.']);
});

test('W7 a minute after the end all is held, a quarter of a minute later all is black', () => {
  const held = holding({ effectiveAt: NOW }, { state: 'closed' });
  const at = (ms: number) => darkness(sceneAt(held, NOW + ms), NOW + ms);
  assert.equal([at(60_000), at(67_500), at(75_000), at(290_000)], [0, 0.5, 1, 1]);
});

test('the wall knows when it will have to look again', () => {
  const held = holding({}, SCHEDULED);
  assert.equal(instants(held, NOW).slice(0, 2), [NOW + 5001, NOW + 5 * MINUTE]);
});

test('nothing planned: the venue, and what comes later', () => {
  const held = holding({}, {});
  const none: Held = { ...held, now: held.now && { ...held.now, noso: null } };
  const text = texts(none, NOW);
  assert.equal(
    [text('title'), text('head')],
    ['Bibliothèque des Quais', 'rien de prévu, et c’est déjà bien'],
  );
  const next = {
    title: 'Minuit moins le quart',
    startsAt: new Date(NOW + 3 * 86_400_000).toISOString(),
    endsAt: new Date(NOW + 3 * 86_400_000 + 15 * MINUTE).toISOString(),
  };
  const marks = compose(settingFor('fr'), sceneAt(none, NOW, next), {
    digits: 1,
    countOnly: false,
  });
  assert.is(marks.hour?.kind === 'text' && marks.hour.text, 'dimanche 15 novembre');
});

test('no text leaves the margins, whatever the titles, in any form of the wall', () => {
  const long = 'Une heure pour rien, ou presque rien, avec tous ceux qui passent par là un jeudi';
  const venue = { ...snapshotAt(NOW).venue, name: `Médiathèque ${long}`, address: long };
  for (const size of [
    [1920, 1080],
    [1280, 800],
    [1024, 768],
    [1080, 1920],
    [1200, 1600],
  ] as const)
    for (const noso of [{}, SCHEDULED, { capacity: 0 }]) {
      const held = holding({ code: CODE }, { ...noso, title: long, venue });
      const setting = settingFor('fr', ...size);
      const marks = compose(setting, sceneAt(held, NOW + 1), { digits: 3, countOnly: false });
      for (const [slot, mark] of Object.entries(marks)) {
        if (mark.kind !== 'text' || slot === 'figure') continue;
        const em = setting.type.width(mark.text) + mark.tracking * (mark.text.length - 1);
        const [from, to] = mark.end
          ? [mark.x - em * mark.size, mark.x]
          : [mark.x, mark.x + em * mark.size];
        const slack = 0.1 * mark.size;
        assert.ok(from > setting.frame.left - slack, `${slot} at ${size}: ${mark.text}`);
        assert.ok(to < setting.frame.right + slack, `${slot} at ${size}: ${mark.text}`);
      }
    }
});
