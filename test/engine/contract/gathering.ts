import * as assert from 'uvu/assert';
import { LEAD } from '../../../src/domain/noso.js';
import { until } from '../../support/wait.js';
import type { Story } from '../contract.js';
import { countOf, opened, planned, refused, seated } from './cast.js';

const HOUR = 3_600_000;

export function gatheringStories(story: Story): void {
  story(
    'L6 while it gathers, seats are seats, and their time is no silence',
    async (engine, restart) => {
      const startsAt = engine.now() + 1500;
      const id = await opened(engine, { startsAt, endsAt: startsAt + HOUR });
      await seated(engine, id, 40);
      assert.is(await countOf(engine, id), 40);
      assert.is((await engine.totals(id)).personMinutes, 0);
      const again = await restart();
      await until(() => again.now() >= startsAt + 3000, { what: 'three seconds of silence' });
      // Somebody comes late: what went before is reckoned then.
      await seated(again, id, 1);
      // Forty people for three seconds and a little; with the gathering it would be three minutes.
      const { personMinutes, total } = await again.totals(id);
      assert.ok(
        personMinutes >= 2 && personMinutes * 60_000 <= 40 * (again.now() - startsAt) + 30_000,
      );
      assert.is(total, 41);
      const { life } = await again.command(id, { do: 'close', by: 'organizer' });
      assert.ok(life.is === 'closed');
      assert.is(life.beganAt, startsAt);
      assert.ok(life.openedAt < startsAt && life.closedAt > startsAt);
    },
  );

  story('L6 the beginning may be moved while it gathers, and not after', async (engine) => {
    const startsAt = engine.now() + HOUR / 2;
    const id = await opened(engine, { startsAt, endsAt: startsAt + HOUR });
    const amend = (changes: object) => engine.command(id, { do: 'amend', changes });
    const later = await amend({ startsAt: startsAt + 300_000 });
    assert.is(later.startsAt, startsAt + 300_000);
    await seated(engine, id, 3);
    const asked = engine.now();
    const now = await amend({ startsAt: asked - HOUR });
    const ahead = now.startsAt - engine.now();
    assert.ok(now.startsAt >= asked + LEAD - 50 && ahead <= LEAD + 50, `${ahead} ms ahead`);
    await until(() => engine.now() > now.startsAt, { what: 'the silence' });
    await refused(amend({ startsAt: engine.now() + HOUR }), 'conflict');
    const { life } = await engine.command(id, { do: 'close', by: 'organizer' });
    assert.is(life.is === 'closed' && life.beganAt, now.startsAt);
  });

  story('L6 closed while it gathers, it had no silence', async (engine) => {
    const startsAt = engine.now() + HOUR;
    const id = await opened(engine, { startsAt, endsAt: startsAt + HOUR });
    await seated(engine, id, 5);
    const { life } = await engine.command(id, { do: 'close', by: 'organizer' });
    assert.ok(life.is === 'closed');
    assert.is(life.beganAt, life.closedAt, 'its instants are in order');
    assert.equal([life.totals.personMinutes, life.totals.total], [0, 5]);
  });

  story(
    'L6 it opens at most three hours ahead, and by schedule when it is to gather',
    async (engine) => {
      const far = await planned(engine, {
        startsAt: engine.now() + 3 * HOUR + 60_000,
        endsAt: engine.now() + 4 * HOUR,
      });
      await refused(engine.command(far, { do: 'open', by: 'organizer' }), 'conflict');
      const startsAt = engine.now() + 60_000;
      const soon = await planned(engine, { startsAt, endsAt: startsAt + HOUR, gather: 2 });
      const { life } = await engine.command(soon, { do: 'open', by: 'schedule' });
      assert.ok(life.is === 'open');
      assert.is(life.effectiveAt, life.openedAt, 'that of the opening');
      const early = await planned(engine, { startsAt, endsAt: startsAt + HOUR, gather: 0 });
      await refused(engine.command(early, { do: 'open', by: 'schedule' }), 'conflict');
    },
  );
}
