import { io, type Socket } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { at, type Document, fitting, type Message, read } from './document.js';

const test = suite('a client that /asyncapi.json drives');

/** A code is followed by another after 15 s; with some patience, ms. */
const ROTATION = 25_000;

type Heard = { message: string; payload: unknown };
type Line = {
  socket: Socket;
  heard: Heard[];
  /** What did not fit the document. */
  faults: string[];
  /** Says what the document lets it say, with what it lets say, and gives the answer's name. */
  says: (event: string, payload?: unknown) => Promise<string>;
  hears: (message: string, deadline?: number) => Promise<unknown>;
};

/**
 * Connects to a channel of the document as it is described there: what it sends is held to it before it
 * is sent, what it hears when it comes, and nothing is known of NoSo but what is written in it.
 */
function connect(url: string, document: Document, channel: string, auth: object): Line {
  const fault = fitting(document);
  const {
    address,
    messages,
    'x-auth': asked,
  } = document.channels[channel] as NonNullable<Document['channels'][string]>;
  assert.is(fault(asked, auth), null, `${channel}: auth`);
  const own = Object.values(document.operations).filter(
    (each) => each.channel.$ref === `#/channels/${channel}`,
  );
  const told = own
    .filter(({ action }) => action === 'send')
    .flatMap((each) =>
      each.messages.map((ref) => [keyOf(ref), at<Message>(document, ref)] as const),
    );
  const socket = io(`${url}${address}`, {
    ...{ transports: ['websocket'], forceNew: true, reconnection: false, auth },
  });
  const line: Line = {
    ...{ socket, heard: [], faults: [] },
    async says(event, payload) {
      const operation = own.find(
        (each) => each.action === 'receive' && each.messages.some((ref) => keyOf(ref) === event),
      );
      assert.ok(operation?.reply, `${channel} may say ${event}`);
      const { payload: wanted } = messages[event] as Message;
      if (wanted) assert.is(fault(wanted, payload), null, event);
      const args = wanted ? [payload] : [];
      const answer: unknown = await socket.timeout(5000).emitWithAck(event, ...args);
      const fits = operation.reply.messages.filter(
        (ref) => fault(at<Message>(document, ref).payload as object, answer) === null,
      );
      assert.is(fits.length, 1, `${event}: ${JSON.stringify(answer)}`);
      return keyOf(fits[0] as { $ref: string });
    },
    hears: (message, deadline = 10_000) =>
      until(() => line.heard.find((each) => each.message === message)?.payload, {
        ...{ what: `${channel} to hear ${message}: ${line.faults}`, deadline },
      }),
  };
  const keep = (name: string, payload: unknown) => {
    const [message, { payload: schema }] = told.find(([, m]) => m.name === name) ?? [name, {}];
    const wrong = schema ? fault(schema, payload) : 'the document does not know it';
    if (wrong) line.faults.push(`${channel} ${name}: ${wrong}`);
    line.heard.push({ message, payload });
  };
  socket.onAny((event: string, payload: unknown, ...more: unknown[]) => {
    keep(event, payload);
    if (more.length > 0) line.faults.push(`${channel} ${event}: more than one payload`);
  });
  socket.on('connect_error', (error) => keep('connect_error', (error as { data?: unknown }).data));
  return line;
}

const keyOf = ({ $ref }: { $ref: string }): string => $ref.split('/').at(-1) as string;

test(
  'it connects everywhere, hears every frame that is described, says what it may, and nothing misfits',
  served(async ({ url, owner }, api) => {
    const document = await read(`${url}/asyncapi.json`);
    const lines: Line[] = [];
    const open = (channel: string, auth: object) => {
      const line = connect(url, document, channel, auth);
      lines.push(line);
      return line;
    };
    try {
      const noso = await api.noso({ veil: 0 });
      const hung = await api.wall(noso.venue.id);
      const wall = open('wall', { token: hung.token, screen: { version: '1', width: 1920 } });
      await wall.hears('snapshot');
      const console = open('organizer', { token: owner });
      await console.hears('nosos');
      // Whoever runs the server is to know of a proxy that nobody was told to trust.
      for (let k = 0; k < 3; k += 1) {
        await fetch(url, { headers: { 'x-forwarded-for': '192.0.2.1' } });
      }
      await console.hears('notes');
      const made = await api.own<{ token: string }>('POST', `/api/nosos/${noso.id}/doors`, {});
      const door = open('door', { token: made.token });
      const { token, pass } = await api.person(noso.id);
      const phone = open('phone', { token, pass });
      await phone.hears('seated');
      for (const line of [wall, console, door]) await line.hears('count');
      await wall.hears('numbers');
      await api.own('POST', `/api/walls/${hung.id}/identify`);
      await wall.hears('identify');
      assert.is(await wall.says('sync', { shows: 'during' }), 'syncDone');
      assert.is(await phone.says('leave'), 'leaveDone');
      await phone.hears('closed');
      await wall.hears('code', ROTATION);
      await api.own('POST', `/api/nosos/${noso.id}/close`);
      await door.hears('closed');
      const stranger = open('phone', { token: 'nobody', pass: 'none' });
      await stranger.hears('refused');
      for (const channel of ['wall', 'organizer', 'door']) {
        await open(channel, { token: 'nobody' }).hears('refused');
      }
      assert.equal(
        lines.flatMap(({ faults }) => faults),
        [],
      );
      // Nothing is described that is never sent.
      const heard = new Set(lines.flatMap((line) => line.heard.map(({ message }) => message)));
      const described = Object.values(document.operations)
        .filter(({ action }) => action === 'send')
        .flatMap(({ messages }) => messages.map(keyOf));
      assert.equal(
        described.filter((message) => !heard.has(message)),
        [],
      );
    } finally {
      for (const { socket } of lines) socket.disconnect();
    }
  }),
  { deadline: 60_000 },
);

test(
  'a frame that does not fit is noticed',
  served(async ({ url, owner }) => {
    const document = await read(`${url}/asyncapi.json`);
    const text = JSON.stringify(document).replaceAll('"serverTime"', '"serverHour"');
    const line = connect(url, JSON.parse(text), 'organizer', { token: owner });
    await line.hears('nosos');
    line.socket.disconnect();
    assert.match(line.faults.join(), 'serverHour');
  }),
);
