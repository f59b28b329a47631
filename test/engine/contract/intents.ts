import * as assert from 'uvu/assert';
import type { NosoCommand } from '../../../src/domain/noso.js';
import type { Story } from '../contract.js';
import { newId, opened, planned, refused } from './cast.js';

const open: NosoCommand = { do: 'open', by: 'organizer' };
const cancel: NosoCommand = { do: 'cancel', by: 'organizer' };

export function intentStories(story: Story): void {
  story('A8 who means to come is remembered once, and withdrawn as easily', async (engine) => {
    const id = await planned(engine);
    const other = await planned(engine);
    assert.equal(await engine.intents(id, ['a']), { count: 0, among: false });
    await Promise.all(['a', 'a', 'b', 'a', 'c'].map((digest) => engine.intend(id, digest)));
    await engine.withdraw(id, 'c');
    await engine.withdraw(id, 'never there');
    assert.equal(await engine.intents(id, ['x', 'a']), { count: 2, among: true });
    assert.equal(await engine.intents(id, ['c']), { count: 2, among: false });
    assert.equal(await engine.intents(other, ['a']), { count: 0, among: false });
  });

  story(
    'A8 opening counts them and forgets them; how many stays until the close',
    async (engine) => {
      const id = await planned(engine);
      for (const digest of ['a', 'b', 'c']) await engine.intend(id, digest);
      await engine.command(id, { do: 'amend', changes: { title: 'Another' } });
      assert.is((await engine.intents(id, [])).count, 3, 'moving it forgets nobody');
      const { life } = await engine.command(id, open);
      assert.is(life.is === 'open' && life.intents, 3);
      assert.equal(await engine.intents(id, ['a']), { count: 0, among: false });
      await refused(engine.intend(id, 'd'), 'conflict');
      await engine.withdraw(id, 'a');
      const later = await engine.command(id, { do: 'amend', changes: { title: 'Third' } });
      assert.is(later.life.is === 'open' && later.life.intents, 3);
      const closed = await engine.command(id, { do: 'close', by: 'organizer' });
      assert.not.ok('intents' in closed.life);
    },
  );

  story('A8 so does cancelling, and deleting; and nobody means to come then', async (engine) => {
    const id = await planned(engine);
    await engine.intend(id, 'a');
    await engine.command(id, cancel);
    assert.is((await engine.intents(id, ['a'])).count, 0);
    await refused(engine.intend(id, 'a'), 'conflict');
    const gone = await planned(engine);
    await engine.intend(gone, 'a');
    await engine.remove('noso', gone);
    assert.is((await engine.intents(gone, ['a'])).count, 0);
    await refused(engine.intend(gone, 'a'), 'not_found');
    await refused(engine.intend(newId(), 'a'), 'not_found');
    await refused(engine.intend(await opened(engine), 'a'), 'conflict');
  });

  story('P1 who means to come is there after a restart', async (engine, restart) => {
    const id = await planned(engine);
    await engine.intend(id, 'a');
    await engine.intend(id, 'b');
    await engine.withdraw(id, 'b');
    const again = await restart();
    assert.equal(await again.intents(id, ['a']), { count: 1, among: true });
    await again.command(id, open);
    assert.is((await again.intents(id, ['a'])).count, 0);
  });
}
