import * as assert from 'uvu/assert';
import { catalogueKeys, keysOf } from '../../src/engine/redis/keys.js';
import { suite } from '../support/suite.js';
import { planned } from './contract/cast.js';
import { healed, pairOf, rememberKeys } from './healing.js';

const test = suite('Redis engine: who means to come, after a failover');

test(
  'A8 P1 what a failover lost of who means to come is put back, the last word of each, and of what opened nothing',
  pairOf(async ({ server, one, two, prefix }) => {
    const keys = keysOf(prefix);
    const [stays, opens, goes] = [await planned(one), await planned(one), await planned(one)];
    await one.intend(stays, 'early');
    for (const id of [opens, goes]) await one.intend(id, 'theirs');
    const intents = [stays, opens, goes].map((id) => keys.intents(id));
    const lose = await rememberKeys(server, [...catalogueKeys(keys), ...intents]);

    // One said it before the loss, on one node; then, on the other, not after all.
    await two.catalogue.withdraw(stays, 'early');
    await two.catalogue.intend(stays, 'late');
    await two.catalogue.intend(stays, 'wavers');
    await one.withdraw(stays, 'wavers');
    await two.lifecycle.command(opens, { do: 'open', by: 'organizer' });
    await two.catalogue.remove('noso', goes);
    await lose();
    await healed(() => two.catalogue.intents(stays, []), 20_000);
    await healed(() => one.intents(stays, []), 20_000);

    assert.equal(await one.intents(stays, ['late']), { count: 1, among: true });
    assert.equal(await one.intents(stays, ['early', 'wavers']), { count: 1, among: false });
    assert.is((await one.intents(opens, ['theirs'])).count, 0, 'it has opened');
    assert.is((await one.intents(goes, ['theirs'])).count, 0, 'it was deleted');
    const left = await server.ask((redis) => redis.ttl(keys.intended(stays)));
    assert.ok(left > 0 && left <= 60, 'what helps to put back goes by itself');
  }),
  { deadline: 40_000 },
);
