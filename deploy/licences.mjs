// npm run --silent licences > docs/licences.md     every package that an installation may have
//
// As package-lock.json has them, those for other platforms included; a test holds the page to it.
import { readFile } from 'node:fs/promises';

const HEAD = `# Licences

Every package that an installation has, or would have on another platform, and the licence that it says
it is under. None of them runs anything, or loads anything, when it is installed.
\`npm run --silent licences > docs/licences.md\` writes this page; \`npm run tree\` says which brings which.
`;

const { packages } = JSON.parse(
  await readFile(new URL('../package-lock.json', import.meta.url), 'utf8'),
);
const licences = new Map();
for (const [path, { dev, license }] of Object.entries(packages)) {
  if (path === '' || dev) continue;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  licences.set(license, (licences.get(license) ?? new Set()).add(name));
}
const parts = [...licences].sort(([a], [b]) => (a < b ? -1 : 1));
const text = parts.map(([licence, names]) => {
  const rows = [...names].sort().map((name) => `- ${name}`);
  return `\n## ${licence}\n\n${rows.join('\n')}\n`;
});
process.stdout.write(HEAD + text.join(''));
