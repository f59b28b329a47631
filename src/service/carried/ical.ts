import ICAL from 'ical.js';

/** Of ical.js, what series go by. It is carried: as it is installed, half of it is remarks. */
export const { Recur, Time } = ICAL;
