import { useEffect, useState } from 'preact/hooks';
import { TEXTS } from '../../src/protocol/bounds.js';
import type { OrganizerInfo } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { useAttempt } from './attempt.js';
import { useDesk } from './consoleDesk.js';
import { Form } from './form.js';
import { TextField } from './formFields.js';
import { type Given, GivenOnce } from './givenOnce.js';
import { browserZone } from './model/zoneTime.js';
import { dateInProse } from './venueTime.js';

/** Organizers' keys, for owners: who holds one, one more, one less. */
export function KeysRoom() {
  const { w, t, api } = useDesk();
  const { trouble, attempt } = useAttempt();
  const [keys, setKeys] = useState<OrganizerInfo[] | null>(null);
  const [given, give] = useState<Given | null>(null);
  const load = async () => setKeys((await api.organizers()).organizers);
  useEffect(() => void attempt(load), []);

  async function add({ label }: { label: string }): Promise<void> {
    const key = await api.addOrganizer(label);
    give({
      title: t(w.keys.given, { label }),
      note: w.keys.once,
      values: [
        { label: w.link, value: key.url },
        { label: w.keys.key, value: key.token },
      ],
    });
    await attempt(load);
  }
  const revoke = (id: string) => () =>
    attempt(async () => {
      await api.revokeOrganizer(id);
      await load();
    });
  return (
    <div class="room both">
      <div class="list">
        <h2 class="day">{w.keys.title}</h2>
        <ul class="walls keys">
          {keys?.map((key) => (
            <KeyRow key={key.id} of={key} revoke={revoke(key.id)} />
          ))}
        </ul>
        <p class="note" role="status">
          {trouble || (keys?.length === 0 && w.keys.none)}
        </p>
      </div>
      <div class="beside-list">
        <section class="pane">
          <h2 class="title">{w.keys.more}</h2>
          <p class="about">{w.keys.note}</p>
          {given && <GivenOnce {...given} />}
          <Form
            class="form inline"
            initial={{ label: '' }}
            again
            checks={{ label: ({ label }) => (label ? null : w.problems.label) }}
            submit={add}
            button={w.keys.add}
          >
            {() => (
              <TextField name="label" label={w.keys.label} required maxLength={TEXTS.organizer} />
            )}
          </Form>
        </section>
      </div>
    </div>
  );
}

function KeyRow({ of, revoke }: { of: OrganizerInfo; revoke(): Promise<unknown> }) {
  const desk = useDesk();
  const { w, t } = desk;
  const day = dateInProse(desk, browserZone(), Date.parse(of.createdAt));
  return (
    <li>
      <span>{of.label}</span>
      <span class="said">{t(w.keys.since, { day })}</span>
      <Act style="link" label={w.keys.revoke} question={w.keys.revokeQuestion} act={revoke} />
    </li>
  );
}
