import { type NamedFault, slip } from './slip.js';

/** Faults of what is drawn at random and is to be guessed by nobody. */
export const SECRETS: NamedFault[] = [
  slip(
    'keys of 32 bits: walls, doors, organizers',
    'src/service/identity.ts',
    ["randomBytes(24).toString('base64url')", "randomBytes(4).toString('base64url')"],
    ['service/keys.test'],
  ),
  slip(
    'keys of 32 bits: stretched to look longer',
    'src/service/identity.ts',
    [
      "randomBytes(24).toString('base64url')",
      "createHash('sha256').update(randomBytes(2)).digest('base64url').slice(0, 32)",
    ],
    ['service/keys.test'],
  ),
  slip(
    'keys of 32 bits: a screen that waits',
    'src/service/pairing.ts',
    [
      "const secret = randomBytes(24).toString('base64url');",
      "const secret = randomBytes(4).toString('base64url');",
    ],
    ['service/keys.test'],
  ),
  slip(
    'keys of 32 bits: passes',
    'src/service/passes.ts',
    ['const MAC = 22;', 'const MAC = 6;'],
    ['service/keys.test', 'service/passes.test'],
  ),
  slip(
    'keys of 32 bits: the ids of passes',
    'src/service/passes.ts',
    ['randomBytes(12)', 'randomBytes(4)'],
    ['service/keys.test', 'service/passes.test'],
  ),
  slip(
    'keys of 32 bits: the secret of an installation',
    'src/programs/secret.ts',
    ['randomBytes(48)', 'randomBytes(4)'],
    ['service/keys.test', 'programs/start.test'],
  ),
];
