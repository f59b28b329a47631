import { TEXTS } from '../../src/protocol/bounds.js';
import type { Venue } from '../../src/protocol/wire.js';
import type { VenueFields } from './consoleApi.js';
import { useDesk } from './consoleDesk.js';
import { Form, type Values } from './form.js';
import { RadioField, TextField } from './formFields.js';
import { browserZone, isZone, zones } from './model/zoneTime.js';
import { go, hrefOf } from './routes.js';

type Name = 'name' | 'city' | 'country' | 'address' | 'timeZone' | 'language';

/** A venue's particulars, to add or to change. */
export function VenueSheet({ venue }: { venue: Venue | null }) {
  const { w, code, languages, api, store } = useDesk();
  const initial: Values<Name> = {
    name: venue?.name ?? '',
    city: venue?.city ?? '',
    country: venue?.country ?? '',
    address: venue?.address ?? '',
    timeZone: venue?.timeZone ?? browserZone(),
    language: venue?.language ?? code,
  };

  async function submit(values: Values<Name>): Promise<void> {
    const optional = (value: string) => value || (venue ? null : undefined);
    const fields = {
      ...values,
      country: optional(values.country),
      address: optional(values.address),
    } as Partial<VenueFields>;
    const kept = venue ? await api.amendVenue(venue.id, fields) : await api.addVenue(fields);
    await store.loadVenues();
    go(hrefOf('venues', kept.id), venue === null);
  }

  return (
    <Form
      initial={initial}
      checks={{
        name: ({ name }) => (name ? null : w.problems.name),
        city: ({ city }) => (city ? null : w.problems.city),
        // One that the server took stands, whether this browser knows it or not.
        timeZone: ({ timeZone }) =>
          timeZone === initial.timeZone || isZone(timeZone) ? null : w.problems.timeZone,
      }}
      submit={submit}
      button={venue ? w.venues.save : w.venues.send}
      {...(venue
        ? { saved: w.venues.saved }
        : { cancel: { label: w.plan.back, href: hrefOf('venues') } })}
    >
      {() => (
        <>
          <div class="pair">
            <TextField name="name" label={w.venues.name} required maxLength={TEXTS.venue} />
            <TextField name="city" label={w.venues.city} required maxLength={TEXTS.city} />
          </div>
          <div class="pair">
            <TextField
              name="address"
              label={w.venues.address}
              maxLength={TEXTS.address}
              placeholder={w.venues.optional}
            />
            <TextField
              name="country"
              label={w.venues.country}
              maxLength={TEXTS.country}
              placeholder={w.venues.optional}
            />
          </div>
          <div class="pair">
            <TextField
              name="timeZone"
              label={w.venues.timeZone}
              suggestions={zones()}
              placeholder={w.venues.timeZoneHint}
              maxLength={TEXTS.timeZone}
              autocapitalize="off"
              spellcheck={false}
            />
            <RadioField
              name="language"
              label={w.venues.language}
              hint={w.venues.languageHint}
              choices={languages.map((value) => ({ value, label: languageName(value) }))}
            />
          </div>
        </>
      )}
    </Form>
  );
}

/** A language by its own name; a browser too old to know it gets the code. */
function languageName(code: string): string {
  return Intl.DisplayNames
    ? (new Intl.DisplayNames(code, { type: 'language' }).of(code) ?? code)
    : code;
}
