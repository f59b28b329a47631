import { EventEmitter } from 'node:events';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Bells } from '../../src/engine/redis/bells.js';
import type { Clients } from '../../src/engine/redis/connect.js';
import { suite } from '../support/suite.js';
import { settle } from './thread.js';

const test = suite('bells over Redis');

function scene() {
  const clock = manualClock();
  const asked: string[] = [];
  const errors: unknown[] = [];
  const way = { fails: false };
  const ask = (what: string) => async (channel: string) => {
    asked.push(`${what} ${channel}`);
    if (way.fails) throw new Error('no connection');
  };
  const subscriptions = Object.assign(new EventEmitter(), {
    ssubscribe: ask('+'),
    sunsubscribe: ask('-'),
  });
  const clients = { subscriptions } as unknown as Clients;
  const bells = new Bells(clients, clock, (error) => errors.push(error));
  const rung: string[] = [];
  const watch = (channel: string, name: string) => bells.watch(channel, () => rung.push(name));
  const ring = (channel: string) => subscriptions.emit('smessage', channel, '');
  /** What rang since this was last asked. */
  const heard = () => rung.splice(0).sort().join('');
  return { clock, asked, errors, way, subscriptions, bells, watch, ring, heard };
}

test('W3 a bell is followed by another, for what changed while bells were held back', async () => {
  const { clock, watch, ring, heard } = scene();
  watch('one', 'a');
  watch('one', 'b');
  watch('two', 'c');
  ring('one');
  assert.is(heard(), 'ab');
  clock.advance(64);
  assert.is(heard(), '');
  clock.advance(1);
  assert.is(heard(), 'ab');
  clock.advance(1000);
  assert.is(heard(), '');
  ring('one');
  clock.advance(40);
  ring('one');
  assert.is(heard(), 'aabb');
  clock.advance(64);
  assert.is(heard(), '', 'one after the last');
  clock.advance(1);
  assert.is(heard(), 'ab');
  ring('three');
  assert.is(heard(), '');
});

test('W3 what rang before the subscription stood is heard as soon as it does', async () => {
  const { way, errors, bells, watch, heard } = scene();
  watch('one', 'a');
  watch('one', 'b');
  const stop = watch('two', 'c');
  assert.is(heard(), '', 'on its way');
  stop();
  await settle();
  assert.is(heard(), 'ab', 'once, and nobody who has gone');
  watch('one', 'd');
  await settle();
  assert.is(heard(), '', 'there is no gap for who comes to one that stands');
  way.fails = true;
  watch('three', 'e');
  await settle();
  assert.equal([heard(), errors.length], ['', 1]);
  way.fails = false;
  bells.mend();
  await settle();
  assert.is(heard(), 'e');
});

test('a node hears the bells of what it watches, and of nothing else', async () => {
  const { clock, asked, errors, watch, ring, heard } = scene();
  const stops = [watch('one', 'a'), watch('one', 'b')];
  assert.equal(asked, ['+ one']);
  ring('one');
  stops[0]?.();
  stops[0]?.();
  assert.equal(asked, ['+ one']);
  assert.is(heard(), 'ab');
  stops[1]?.();
  assert.equal(asked, ['+ one', '- one']);
  clock.advance(1000);
  ring('one');
  assert.is(heard(), '');
  watch('one', 'd');
  assert.equal(asked, ['+ one', '- one', '+ one']);
  await settle();
  assert.equal(errors, []);
});

test('what could not be subscribed to is tried again, and after a reconnection all is', async () => {
  const { asked, errors, way, subscriptions, bells, watch, heard } = scene();
  watch('one', 'a');
  await settle();
  heard();
  way.fails = true;
  const stop = watch('two', 'b');
  watch('three', 'c');
  await settle();
  assert.is(errors.length, 2);
  stop();
  await settle();
  asked.length = 0;
  bells.mend();
  assert.equal(asked, ['+ three']);
  await settle();
  way.fails = false;
  bells.mend();
  await settle();
  bells.mend();
  assert.equal(asked, ['+ three', '+ three']);
  assert.is(heard(), 'c');
  subscriptions.emit('ready');
  assert.equal(asked.slice(2), ['+ one', '+ three']);
  assert.is(heard(), 'ac', 'some may have been missed');
});

test('who closes rings nobody', () => {
  const { clock, bells, watch, ring, heard } = scene();
  watch('one', 'a');
  ring('one');
  heard();
  bells.close();
  clock.advance(1000);
  ring('one');
  assert.is(heard(), '');
});
