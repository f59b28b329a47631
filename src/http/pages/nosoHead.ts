import type { Place } from '../../service/desk.js';
import { localIso } from '../../service/zones.js';
import { type Html, html, json } from './html.js';
import type { Tongue } from './language.js';
import { HEIGHT, WIDTH } from './linkPicture.js';

/** A NoSo in words. */
export type Told = { title: string; when: string; place: string; description: string };

/** Schema.org's word for how it stands: what is on, or over, is as it was planned. */
const statusOf = ({ life }: Place['noso']) =>
  `https://schema.org/${life.is === 'cancelled' ? 'EventCancelled' : 'EventScheduled'}`;

/** What programs read of a NoSo's page: search engines, and messengers that show a link. */
export function nosoHead(tongue: Tongue, place: Place, told: Told, url: string): Html {
  const { noso } = place;
  const picture = `${url}/picture.png`;
  const properties = {
    'og:type': 'website',
    'og:site_name': 'NoSo',
    'og:title': told.title,
    'og:description': told.description,
    'og:url': url,
    'og:locale': tongue.language,
    'og:image': picture,
    'og:image:type': 'image/png',
    'og:image:width': WIDTH,
    'og:image:height': HEIGHT,
    'og:image:alt': told.when,
  };
  return html`<meta name="description" content="${told.description}">
    <link rel="canonical" href="${url}">
    ${Object.entries(properties).map(
      ([name, content]) => html`<meta property="${name}" content="${content}">`,
    )}
    <meta name="twitter:card" content="summary_large_image">
    <script type="application/ld+json">${json(event(noso, place.venue, told, url))}</script>`;
}

/** The event, as schema.org has it. */
const event = (
  noso: Place['noso'],
  venue: Place['venue'],
  { description }: Told,
  url: string,
): object => ({
  '@context': 'https://schema.org',
  '@type': 'Event',
  name: noso.title,
  description,
  url,
  image: `${url}/picture.png`,
  startDate: localIso(venue.timeZone, noso.startsAt),
  endDate: localIso(venue.timeZone, noso.endsAt),
  eventStatus: statusOf(noso),
  eventAttendanceMode: 'https://schema.org/OfflineEventAttendanceMode',
  isAccessibleForFree: true,
  ...(noso.capacity === null ? {} : { maximumAttendeeCapacity: noso.capacity }),
  location: {
    '@type': 'Place',
    name: venue.name,
    address: {
      '@type': 'PostalAddress',
      ...(venue.address === undefined ? {} : { streetAddress: venue.address }),
      addressLocality: venue.city,
      ...(venue.country === undefined ? {} : { addressCountry: venue.country }),
    },
  },
});
