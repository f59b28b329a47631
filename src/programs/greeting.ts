/** What there is to say once it serves. */
export type Greeting = {
  /** What codes and links say. */
  url: string;
  /** The same on this machine, where it listens there and `url` is another; else null. */
  here: string | null;
  /** What signs an owner in, after `url`. */
  link: string;
  /** What whoever runs this should know first, a line each. */
  notes: string[];
};

/** For whoever reads what a service says. */
export function plainGreeting({ url, link, notes }: Greeting): string {
  return `
${notes.map((note) => `  ${note}\n\n`).join('')}  Console      ${url}${link}
               (signs an owner in; good once, for 15 minutes)
  Wall         ${url}/wall
  What is on   ${url}/

`;
}

/** For somebody at a terminal, so wide: the first minute. `qr` is the link's, a line each. */
export function terminalGreeting(
  { url, here, link, notes }: Greeting,
  qr: string[],
  columns: number,
): string {
  const fits = (qr[0]?.length ?? 0) + 4 <= columns;
  return `
  NoSo serves.

${here ? `  On this machine   ${here}\n` : ''}  For everybody     ${url}
${notes.map((note) => `\n  ${note}\n`).join('')}
${fits ? `${qr.map((line) => `  ${line}`).join('\n')}\n\n` : ''}  Sign in with this${fits ? ', or scan it' : ''} (good once, for 15 minutes):
  ${url}${link}

  1  In the console, say where you are: name, city, time zone.
  2  Open ${url}/wall on a screen, and type the code that it shows into the console.
  3  Plan a NoSo, and open it. Phones scan the code on the wall.

  Ctrl-C stops it; everything is kept.

`;
}
