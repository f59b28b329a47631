import { io } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { OperatorNote, OperatorNotes } from '../../src/protocol/wire.js';
import type { Control } from '../../src/sockets/localControl.js';
import { locally, startLocal } from '../support/local.js';
import { openRaw } from '../support/raw.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('what consoles are told for whoever runs the server, over the wire');

/** A console, and the notes as it holds them. */
function openConsole(url: string, token: string) {
  const socket = io(`${url}/organizer`, {
    ...{ transports: ['websocket'], forceNew: true, auth: { token } },
  });
  const held = { notes: [] as OperatorNote[], programme: false };
  socket.on('nosos', () => (held.programme = true));
  socket.on('notes', ({ notes }: OperatorNotes) => (held.notes = notes));
  return {
    held,
    shows: (...causes: string[]) =>
      until(() => held.notes.map(({ cause }) => cause).join() === causes.join(), {
        what: `the console to be told ${causes.join()}, not ${JSON.stringify(held.notes)}`,
        deadline: 15_000,
      }),
    close: () => void socket.disconnect(),
  };
}

/** Three pages of another site, refused. */
async function strangers(url: string): Promise<void> {
  for (let k = 0; k < 3; k += 1) {
    const refused = openRaw(url, { headers: { origin: 'https://noso.example' } });
    assert.match(await refused.then(String, String), '403');
  }
}

test(
  'F8 A1 refused pages and proxies that are not trusted: at once, and to a console that comes later',
  locally(async ({ url, api }) => {
    const early = openConsole(url, api.token);
    await until(() => early.held.programme, { what: 'the programme' });
    assert.equal(early.held.notes, []);
    await strangers(url);
    await early.shows('ORIGIN');
    for (let k = 0; k < 3; k += 1)
      await fetch(`${url}/api/nosos`, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    await early.shows('ORIGIN', 'FORWARDED');
    const late = openConsole(url, api.token);
    await late.shows('ORIGIN', 'FORWARDED');
    assert.equal(late.held.notes, [
      { cause: 'ORIGIN', url: 'https://noso.example' },
      { cause: 'FORWARDED' },
    ]);
    early.close();
    late.close();
  }),
);

const full = { is: true };
test(
  'F8 a store that takes no writes is told while it takes none',
  locally(
    async ({ url, api }) => {
      const desk = openConsole(url, api.token);
      await desk.shows('OOM');
      full.is = false;
      await desk.shows();
      desk.close();
    },
    {
      wrap: (engine) => ({
        ...engine,
        rehearse: () =>
          full.is
            ? Promise.reject(new Refusal('unavailable.not_writable', 'OOM: it is full'))
            : engine.rehearse(),
      }),
    },
  ),
);

const address = { is: 'http://192.168.1.20:3000' };
test(
  'F8 another address of the machine: walls show it at once, where codes stay as well, and consoles say it',
  locally(
    async ({ url, api, server }) => {
      const noso = await api.noso({ entry: 'link' });
      const path = `/api/venues/${noso.venue.id}/walls`;
      const { token } = await api.own<{ token: string }>('POST', path, {});
      const [wall, desk] = [openWall(url, token), openConsole(url, api.token)];
      await until(() => wall.snapshot?.code, { what: 'the code' });
      assert.ok(wall.snapshot?.code?.url.startsWith(address.is));
      server.addressIs(['LOOPBACK']);
      await desk.shows('LOOPBACK');
      address.is = 'http://10.0.0.7:3000';
      server.addressIs([]);
      server.moved();
      await until(() => wall.snapshot?.code?.url.startsWith(address.is), { what: 'the new code' });
      await desk.shows('MOVED');
      assert.equal(desk.held.notes, [{ cause: 'MOVED', url: address.is }]);
      wall.close();
      desk.close();
    },
    { publicUrl: () => address.is },
  ),
);

test('F8 what one node refuses is told in the consoles of every other', async () => {
  const nodes: Parameters<Control['listen']>[0][] = [];
  const control = (): Control => {
    const own: typeof nodes = [];
    return {
      tell(message) {
        for (const hear of nodes) hear(structuredClone(message), own.includes(hear));
      },
      listen(hear) {
        own.push(hear);
        nodes.push(hear);
      },
    };
  };
  const [one, two] = [await startLocal({ control }), await startLocal({ control })];
  try {
    const desk = openConsole(two.url, two.api.token);
    await until(() => desk.held.programme, { what: 'the programme' });
    await strangers(one.url);
    await desk.shows('ORIGIN');
    desk.close();
  } finally {
    await one.stop();
    await two.stop();
  }
});

test(
  'A1 consoles are told how many sit, and nobody’s number',
  locally(async ({ url, api }) => {
    const noso = await api.noso({ veil: 0 });
    const person = await api.person(noso.id);
    assert.is((await api.sit(person.token, person.pass)).status, 200);
    const frames: { peak?: number; count?: number }[] = [];
    const socket = io(`${url}/organizer`, {
      ...{ transports: ['websocket'], forceNew: true, auth: { token: api.token } },
    });
    socket.onAny((_event: string, frame: object) => frames.push(frame));
    const counts = () => frames.filter(({ peak }) => peak !== undefined);
    await until(() => counts().at(-1)?.count === 1, { what: 'the count' });
    for (const frame of counts()) {
      assert.equal(Object.keys(frame).sort(), ['count', 'epoch', 'noso', 'peak', 'seq']);
    }
    socket.disconnect();
  }),
);
