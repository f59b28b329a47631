import { useState } from 'preact/hooks';
import { TEXTS } from '../../src/protocol/bounds.js';
import type { DoorInfo, Noso } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { useAttempt, usePolled } from './attempt.js';
import { useDesk } from './consoleDesk.js';
import { Form } from './form.js';
import { TextField } from './formFields.js';
import { type Given, GivenOnce } from './givenOnce.js';
import { hourOrDay } from './venueTime.js';

const POLL = 5_000;
/** Past this, nobody is known to stand at a door with its page open. */
const MUTE = 12_000;

/** A NoSo's doors: what each seated, live or as of when; one more, one less. */
export function DoorsList({ noso }: { noso: Noso }) {
  const { w, t, api } = useDesk();
  const { trouble, attempt } = useAttempt();
  const { known, refresh } = usePolled(POLL, () => api.doors(noso.id));
  const [given, give] = useState<Given | null>(null);
  const revoke = (id: string) => async () => {
    await attempt(() => api.revokeDoor(id));
    await refresh();
  };
  async function add({ name }: { name: string }): Promise<void> {
    const door = await api.addDoor(noso.id, name);
    give({
      title: t(w.doors.given, { name: name || w.doors.unnamed }),
      note: w.doors.once,
      values: [{ label: w.link, value: door.url }],
      square: door.url,
    });
    await refresh();
  }
  return (
    <>
      <ul class="walls">
        {known?.value.doors.map((door) => (
          <Door key={door.id} noso={noso} door={door} revoke={revoke(door.id)} />
        ))}
      </ul>
      {given && <GivenOnce {...given} />}
      <Form class="form noting" initial={{ name: '' }} again submit={add} button={w.doors.add}>
        {() => <TextField name="name" label={w.doors.name} maxLength={TEXTS.wall} />}
      </Form>
      <p class="note" role="alert">
        {trouble}
      </p>
    </>
  );
}

function Door(props: { noso: Noso; door: DoorInfo; revoke(): Promise<unknown> }) {
  const desk = useDesk();
  const { w, t, store, figure } = desk;
  const { name, seated, lastSeen } = props.door;
  const seenAt = lastSeen === null ? null : Date.parse(lastSeen);
  const live = seenAt !== null && store.now() - seenAt <= MUTE && store.link().live;
  const hour = seenAt === null ? '' : hourOrDay(desk, props.noso.venue, seenAt);
  const when = seenAt === null ? w.walls.never : live ? w.walls.live : t(w.line.asOf, { hour });
  return (
    <li class={live ? undefined : 'mute'}>
      <span>{name || w.doors.unnamed}</span>
      <span class="said">{t(w.doors.seated, { figure: figure(seated), when })}</span>
      <Act
        style="link"
        label={w.walls.revoke}
        question={w.doors.revokeQuestion}
        act={props.revoke}
      />
    </li>
  );
}
