import * as assert from 'uvu/assert';
import type { Engine } from '../../../src/engine/engine.js';
import type { Story } from '../contract.js';
import { opened } from './cast.js';

const ways = (engine: Engine, noso: string, n: number, most: number) =>
  Promise.all(Array.from({ length: n }, () => engine.ration(noso, 'ways', most)));

export function rationStories(story: Story): void {
  story(
    'P8 no more than so many at a NoSo within its time, each told its place',
    async (engine) => {
      const [id, other] = [await opened(engine), await opened(engine)];
      const places = await ways(engine, id, 30, 20);
      const given = places.filter((place) => place !== null).sort((a, b) => a - b);
      assert.equal(
        given,
        [...Array(20).keys()].map((k) => k + 1),
      );
      assert.is(await engine.ration(id, 'ways', 20), null);
      assert.is(await engine.ration(id, 'ways', 21), 21, 'there is room for more by now');
      assert.is(await engine.ration(id, 'tries', 1), 1, 'of another kind');
      assert.is(await engine.ration(id, 'tries', 1), null);
      assert.is(await engine.ration(other, 'ways', 1), 1, 'elsewhere');
      await engine.command(id, { do: 'close', by: 'organizer' });
    },
  );
}
