import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { newVenue, opened, planned, refused, seated } from './contract/cast.js';
import { inFolder, openAt } from './folder.js';

const test = suite('files that are moved or deleted while they are open');

type Scene = { engine: Engine; dataDir: string; noso: string; errors: string[] };

const scene = (play: (scene: Scene) => Promise<void>) => () =>
  inFolder(async (parent) => {
    const dataDir = join(parent, 'data');
    await mkdir(dataDir);
    const errors: string[] = [];
    const engine = await openAt(dataDir, (error) => errors.push((error as Error).message));
    try {
      const noso = await opened(engine);
      await seated(engine, noso, 3);
      await play({ engine, dataDir, noso, errors });
    } finally {
      await engine.close();
    }
  });

const names = (errors: string[], file: string) =>
  errors.some((each) => each.includes(file) && each.includes('moved or deleted'));

for (const suffix of ['', '-wal']) {
  test(
    `F5 a live file${suffix} that is deleted acknowledges nothing more, and is named`,
    scene(async ({ engine, dataDir, noso, errors }) => {
      const other = await opened(engine);
      await seated(engine, other, 1);
      const file = join(dataDir, `live.db${suffix}`);
      await rm(file);
      await refused(seated(engine, noso, 1), 'unavailable');
      assert.ok(names(errors, basename(file)), errors.join());
      await refused(engine.leave(noso, 4000, null), 'unavailable');
      // All that are open share it: the others are told so as well, and none opens. What is planned is.
      await refused(seated(engine, other, 1), 'unavailable');
      await refused(opened(engine), 'unavailable');
      await planned(engine);
      const isRefused = () =>
        engine.tail(other, null).then(
          () => false,
          () => true,
        );
      await until(isRefused, { deadline: 5000 });
    }),
  );
}

test(
  'F5 F8 one that is moved is noticed within 5 s, whether anybody comes or not, and may come back',
  scene(async ({ engine, dataDir, noso, errors }) => {
    const file = join(dataDir, 'live.db');
    await rename(file, `${file}.elsewhere`);
    await until(() => names(errors, basename(file)), { deadline: 5000 });
    const why = await engine.rehearse().then(
      () => 'ready',
      (error: unknown) => (error instanceof Refusal ? error.detail : String(error)),
    );
    assert.match(why ?? '', /^MOVED/);
    await refused(engine.tail(noso, null), 'unavailable');
    await rename(`${file}.elsewhere`, file);
    const healed = () =>
      engine.tail(noso, null).then(
        ({ count }) => count === 3,
        () => false,
      );
    await until(healed, { deadline: 8000 });
    await seated(engine, noso, 1);
    assert.is((await engine.tail(noso, null)).count, 4);
    await until(
      () =>
        engine.rehearse().then(
          () => true,
          () => false,
        ),
      { deadline: 4000 },
    );
  }),
);

test(
  'F5 A4 a catalogue that is moved draws nothing, keeps nothing, and is named',
  scene(async ({ engine, dataDir, errors }) => {
    await rename(dataDir, `${dataDir}.elsewhere`);
    const venue = newVenue();
    await refused(engine.draw(1, null), 'unavailable');
    await refused(engine.save('venue', venue.id, venue), 'unavailable');
    assert.equal(
      (await engine.changesSince(0)).changes.filter((c) => c.id === venue.id),
      [],
    );
    await until(() => names(errors, 'catalogue.db'), { deadline: 5000 });
    await rename(`${dataDir}.elsewhere`, dataDir);
    await engine.save('venue', venue.id, venue);
    await engine.draw(1, null);
  }),
);
