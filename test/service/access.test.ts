import * as assert from 'uvu/assert';
import { may, NUMBERED, OWN_ORIGIN, type Role } from '../../src/service/access.js';
import { suite } from '../support/suite.js';

const test = suite('who may do what others may');

test('F7 an owner may do what an organizer may; besides each may do what is theirs, and anyone’s', () => {
  const roles: Role[] = ['anyone', 'participant', 'wall', 'door', 'organizer', 'owner'];
  for (const role of roles) {
    for (const needed of roles) {
      const is =
        needed === 'anyone' || role === needed || `${role} ${needed}` === 'owner organizer';
      assert.is(may(role, needed), is, `${role} where ${needed} is needed`);
    }
  }
});

test('F7 A2 a number’s cookie counts where seats are taken and numbers drawn; signing in is for our own pages', () => {
  assert.equal(NUMBERED, ['POST /api/seats', 'POST /api/numbers']);
  assert.equal([...OWN_ORIGIN], ['POST /api/sign-in', 'DELETE /api/sign-in']);
});
