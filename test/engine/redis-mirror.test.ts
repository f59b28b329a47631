import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { createCatalogue } from '../../src/service/mirror.js';
import { ownPrefix, startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { newVenue } from './contract/cast.js';

const test = suite('the mirror of a Redis that lost data');

test('W4 what Redis lost together with the node that wrote it is in no mirror, nor hides what comes in its place', async () => {
  const server = await startRedis(['appendonly no', 'save ""']);
  const prefix = ownPrefix();
  const open = () => openRedis({ url: server.url, clock: realClock, prefix });
  const [writer, stays] = await Promise.all([open(), open()]);
  const nodes = [writer, stays];
  const mirror = createCatalogue(stays, realClock, (error) => assert.unreachable(String(error)));
  try {
    const [kept, changed] = [newVenue(), newVenue()];
    await writer.save('venue', kept.id, kept);
    await writer.save('venue', changed.id, { ...changed, name: 'before' });
    await server.ask((redis) => redis.save());
    const lost = newVenue();
    await writer.save('venue', changed.id, { ...changed, name: 'after' });
    await writer.save('venue', lost.id, lost);
    await mirror.refresh();
    assert.is(mirror.venue(changed.id)?.name, 'after');
    assert.ok(mirror.venue(lost.id));

    await writer.close();
    await server.kill();
    await server.restart();
    const third = await open();
    nodes.push(third);
    const [first, second] = [newVenue(), newVenue()];
    for (const venue of [first, second]) {
      const saved = () => third.save('venue', venue.id, venue).then(Boolean, () => false);
      await until(saved, { what: 'Redis to have settled' });
    }
    const heard: string[] = [];
    mirror.onChange((changes) => heard.push(...changes.map(({ id }) => id)));
    await until(() =>
      mirror.refresh().then(
        () => true,
        () => false,
      ),
    );
    assert.ok(mirror.venue(first.id) && mirror.venue(second.id), 'of the same revisions');
    assert.is(mirror.venue(lost.id), undefined);
    assert.is(mirror.venue(changed.id)?.name, 'before');
    assert.ok(mirror.venue(kept.id));
    assert.ok([lost.id, changed.id, first.id, second.id].every((id) => heard.includes(id)));
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
    await server.stop();
  }
});
