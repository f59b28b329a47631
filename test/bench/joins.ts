import type { Stage } from './contestants/contestant.js';
import type { Credentials } from './load/dialects.js';
import { pause } from './measure/proc.js';
import { type Loads, measured, type StormFigures, Wrong } from './storm.js';

/** Handshakes, or requests, under way at once. */
const IN_FLIGHT = 256;
const LANES = 64;

/** New phones take their seats over kept-alive HTTP. Throws `Wrong` unless all are acknowledged. */
export async function seatOverHttp(stage: Stage, loads: Loads, phones: Credentials[]) {
  const calls = phones.map(({ token, pass }) => ({
    method: 'PUT',
    path: '/api/presence',
    token,
    body: { pass },
  }));
  const { host, ports } = stage;
  const result = await loads.phones.callAll({ host, ports, calls, lanes: LANES });
  const acked = result.answers.filter((answer) => answer !== null).length;
  if (acked !== phones.length) throw new Wrong(JSON.stringify(result.failures).slice(0, 500));
  return { ...result, acked };
}

/** New phones join: by socket, or over HTTP. */
export function joinStorm(
  stage: Stage,
  loads: Loads,
  phones: Credentials[],
  awaitNumbers: boolean,
): Promise<StormFigures> {
  return measured(
    stage,
    loads,
    { n: phones.length, shown: phones.length, awaitNumbers },
    async () => {
      if (stage.join === 'socket') {
        const { host, ports, dialect } = stage;
        return loads.phones.storm({ host, ports, dialect, phones, inFlight: IN_FLIGHT });
      }
      return seatOverHttp(stage, loads, phones);
    },
  );
}

/** Every phone is cut off, and comes back a second later. */
export function reconnectStorm(stage: Stage, loads: Loads, n: number): Promise<StormFigures> {
  return measured(stage, loads, { n, shown: n, awaitNumbers: false }, async () => {
    await loads.phones.drop();
    await pause(1000);
    const { host, ports, dialect } = stage;
    return loads.phones.again({ host, ports, dialect, inFlight: IN_FLIGHT });
  });
}

/** Every phone says that it leaves, all at once. */
export function leaveStorm(stage: Stage, loads: Loads, n: number): Promise<StormFigures> {
  return measured(stage, loads, { n, shown: 0, most: n, awaitNumbers: true }, () =>
    loads.phones.leave({ dialect: stage.dialect }),
  );
}

/** More phones join those that are there; walls come to show `shown`. */
export function joinMore(
  stage: Stage,
  loads: Loads,
  phones: Credentials[],
  shown: number,
  perSecond?: number,
): Promise<StormFigures> {
  const goal = { n: phones.length, shown, awaitNumbers: false };
  return measured(stage, loads, goal, async () => {
    const { host, ports, dialect } = stage;
    if (stage.join === 'http') return seatOverHttp(stage, loads, phones);
    const job = { host, ports, dialect, phones, inFlight: IN_FLIGHT };
    return loads.phones.more(perSecond === undefined ? job : { ...job, perSecond });
  });
}
