import type { Drawn } from '../../protocol/answered.js';
import { newNumber } from '../../service/input.js';
import type { Intents } from '../../service/intents.js';
import type { Reception } from '../../service/reception.js';
import type { Answer, Api, Ask } from './api.js';

/** "I will be there", or not after all; and a number, for a pass or for whoever chooses beforehand. */
export function intentsApi(api: Api, intents: Intents, reception: Reception): void {
  api.on('POST /api/numbers', newNumber, async ({ body, ...ask }) =>
    'noso' in body ? beforehand(body.noso, ask) : forPass(body, ask),
  );

  api.on('PUT /api/nosos/:id/intent', null, async ({ who, params }) => ({
    status: 200,
    body: await intents.intend(params.id as string, who),
  }));

  api.on('DELETE /api/nosos/:id/intent', null, async ({ who, params }) => {
    await intents.withdraw(params.id as string, who);
    return { status: 204 };
  });

  type Rest = Omit<Ask<unknown, 'anyone'>, 'body'>;

  async function forPass(
    { pass, keep = false }: { pass: string; keep?: boolean | undefined },
    ask: Rest,
  ): Promise<Answer<Drawn>> {
    const { number, token, again } = await reception.drawNumber({ pass, keep });
    ask.keep((jar) => [jar.setToken(token, keep)]);
    return { status: again ? 200 : 201, body: { number, token } };
  }

  async function beforehand(noso: string, ask: Rest): Promise<Answer<Drawn>> {
    const own = ask.who.role === 'participant' ? ask.who.number : null;
    const { number, token } = await intents.draw(noso, own, ask.from());
    ask.keep((jar) => [jar.setToken(token, true)]);
    return { status: own === null ? 201 : 200, body: { number, token } };
  }
}
