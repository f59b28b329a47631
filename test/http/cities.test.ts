import * as assert from 'uvu/assert';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { visitorOf } from '../support/visitor.js';

const test = suite('a NoSo in your city');

test(
  'asked for on the public page without a script, told to organizers from the third on alone',
  served(async ({ url }, api) => {
    const visitor = visitorOf(url, 'fr');
    assert.match((await visitor.get('/')).html, 'Un NoSo dans votre ville\u00a0?');
    const say = (city: string) => visitor.post('/', { city });
    const first = await say('Saint-Étienne');
    assert.equal([first.status, first.headers.get('location')], [303, '/?noted=1#cities']);
    assert.match((await visitor.get('/?noted=1')).html, 'Nous ne promettons toujours rien.');
    const wrong = await say('<b>42');
    assert.is(wrong.status, 400);
    assert.match(wrong.html, 'value="&lt;b&gt;42"');
    assert.match(wrong.html, 'Une ville s’écrit avec des lettres');
    type Listed = { cities: object[]; asked?: object[] };
    const read = async (token: string | null) =>
      (await api.call<Listed>('GET', '/api/cities', undefined, token)).body;
    assert.is((await api.call('POST', '/api/cities', { city: 'saint-étienne' })).status, 202);
    assert.equal((await read(api.token)).asked, []);
    await say('Saint-Étienne');
    await api.noso({}, false);
    const cities = [{ city: 'Lyon', nosos: 1 }];
    assert.equal(await read(api.token), { cities, asked: [{ city: 'Saint-Étienne', count: 3 }] });
    assert.equal(await read(null), { cities });
    for (let k = 0; k < 2; k += 1) await say('Nantes');
    const much = await say('Nantes');
    assert.is(much.status, 429);
    assert.match(much.html, 'Assez de villes pour l’instant.');
    assert.is(
      (await visitor.post('/', { city: 'X' }, { origin: 'https://evil.example' })).status,
      403,
    );
  }),
);
