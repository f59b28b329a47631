import { RATIONS, type Rationed } from '../../domain/ration.js';
import { HOLDER, RESERVE, SPEND } from './scripts/onceLua.js';
import { RATION } from './scripts/rationLua.js';
import type { Parts } from './wiring.js';

/** What is done once, or so often and no more, on whichever node (`Engine`'s `spend`, `reserve`, `ration`). */
type Needs = Pick<Parts, 'calls' | 'keys' | 'ledger'>;

export async function spend({ keys, ledger }: Needs, id: string, until: number): Promise<boolean> {
  const reply = await ledger.run(SPEND, [until], [keys.spent(id)]);
  const first = reply.number(2) === 1;
  if (first) ledger.note({ what: 'spent', id, until });
  return first;
}

export async function reserve(
  { keys, ledger }: Needs,
  id: string,
  holder: string,
  until: number,
): Promise<string> {
  const first = (await ledger.run(RESERVE, [holder, until], [keys.reserved(id)])).text(2);
  if (first === holder) ledger.note({ what: 'reserved', id, holder, until });
  return first;
}

export async function holderOf({ keys, ledger }: Needs, id: string): Promise<string | null> {
  return (await ledger.run(HOLDER, [], [keys.reserved(id)])).text(2) || null;
}

export async function ration(
  { calls, keys }: Needs,
  noso: string,
  what: Rationed,
  most: number,
): Promise<number | null> {
  const { within, piece } = RATIONS[what];
  const reply = await calls.run(RATION, [keys.rationed(noso, what)], [most, piece, within / piece]);
  return reply.number(0) < 0 ? null : reply.number(0);
}
