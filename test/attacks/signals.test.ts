import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { signalWithEveryCode, signalWithOnePass } from './signals.js';

const test = suite('attacked: what one can tell by coming and going');

test(
  'S4 one pass tells less than 0.1 bit a second at the wall, though what it tells is read',
  async () => {
    const told = await signalWithOnePass(20260601);
    console.log(JSON.stringify(told));
    assert.ok(told.read >= told.sent / 2, 'the measure reads what is sent');
    assert.ok(told.perSecond < 0.1, `${told.perSecond} bit/s`);
  },
  { deadline: 60_000 },
);

test(
  'S4 who exchanges every new code tells more, as SECURITY.md says',
  async () => {
    const told = await signalWithEveryCode(4, 15, 20260601);
    console.log(JSON.stringify(told));
    assert.ok(told.read >= told.sent / 2, 'it is read');
    assert.ok(told.perSecond < 0.6, `${told.perSecond} bit/s: the bound of exchanges holds`);
  },
  { deadline: 60_000 },
);
