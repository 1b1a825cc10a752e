// Plays every scenario of scenarios/*.mjs against one demo, in the order of their names. A scenario is
// `{ name, run: async (demo) => … }`; it may stop the demo and start it again. A word picks scenarios by name.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Demo } from './demo.mjs';

const word = process.argv[2] ?? '';
const folder = path.join(import.meta.dirname, 'scenarios');
const scenarios = [];
for (const file of readdirSync(folder).sort()) {
  const { default: some } = await import(path.join(folder, file));
  scenarios.push(...some.filter(({ name }) => name.includes(word)));
}

const demo = new Demo();
let failed = 0;
try {
  await demo.start();
  for (const { name, run } of scenarios) {
    try {
      await run(demo);
      console.log(`ok      ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED  ${name}`);
      console.log(error);
    }
  }
} finally {
  await demo.remove();
}
console.log(`${scenarios.length - failed} passed, ${failed} failed`);
// Clients that a failed scenario left open would keep the process.
process.exit(failed === 0 && scenarios.length > 0 ? 0 : 1);
