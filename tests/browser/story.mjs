// Starts the demo on a free port with a database of its own, plays its story in a browser, and stops it again.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { chromium } from 'playwright-core';

const root = path.resolve(import.meta.dirname, '../..');
const { target_directory: target } = JSON.parse(
  execFileSync('cargo', ['metadata', '--format-version', '1', '--no-deps'], { cwd: root, maxBuffer: 1 << 26 }),
);
const pictures = path.join(root, 'target', 'browser');
mkdirSync(pictures, { recursive: true });
const scratch = mkdtempSync(path.join(tmpdir(), 'retinue-browser-'));

// What each tab must show, in the order of the story.
const STORY = [
  { operation: 'WhatISee', shows: ['"name": "Finn Berg"', '"onlyAssignedData": true'] },
  { operation: 'SplitOwners', shows: ['"Clara Nyström"', '"Erik Sandberg"'] },
  { operation: 'AddAFollower', shows: ['"added"', '"Finn Berg"', '"userErrors": []'] },
  // Played apart: its answers come over a socket, and what it hears is done in another window.
  { operation: 'FinnListens', listens: true },
  { operation: 'TheFollowerEdits', shows: ['"Uppsala"', '"contact.updated"', '"userErrors": []'] },
  { operation: 'TheFollowerIsRefusedTheOwner', shows: ['"OWNER_CHANGE_DENIED"', '"FOLLOWER"', 'a follower never changes the owner'] },
  { operation: 'WhatFinnWasTold', shows: ['"FOLLOW_GAINED"', '"ADDED"', '"Clara Nyström"', '"unreadCount"'] },
  {
    operation: 'TurnTheSettingOn',
    shows: ['"opportunityOwnerFollowsContact": true', '"Leila Haddad"', '"OPPORTUNITY_OWNER_FOLLOWS_CONTACT"'],
  },
  { operation: 'TheValueIsGated', shows: ['"monetaryValue": null', '"VIEW_LEAD_VALUE"', '"FORBIDDEN"'] },
  {
    operation: 'NotesAndTasks',
    shows: ['"displayName": "Ada Lindqvist"', 'Prefers mornings.', '"name": "Erik Sandberg"', '"Send the aligner plan"', '"recordName": "Ada Lindqvist: Clear aligners"', '"record": null'],
  },
  {
    operation: 'TheWeek',
    shows: ['"Treatments"', '"Consultations"', '"Aligner class"', '"Europe/Stockholm"', '"First consultation"', '"value": 12', '"MANAGE_CALENDARS"'],
  },
  {
    operation: 'BookAFreeSlot',
    shows: ['"CONFIRMED"', '"name": "Clara Nyström"', '"KEPT_OWNER"', '"freeSlots"', '"seatsLeft"', '"userErrors": []'],
  },
  {
    operation: 'LookAndNotTouch',
    shows: ['"calendarName"', '"calendar": null', '"allowed": false', '"NOT_ENTITLED"', '"PermissionDenied"', '"PERMISSION_DENIED"'],
  },
  {
    operation: 'NoCalendars',
    shows: ['"name": "Nils Falk"', '"displayName": "Ada Lindqvist"', '"calendarGroups": []', '"value": 0', '"allowed": false'],
  },
  { operation: 'TheBoard', shows: ['"Consultation"', '"In treatment"', '"currency": "SEK"', '"daysInStage"', '"contactName"'] },
  { operation: 'TheBoardOfAFollower', shows: ['"name": "Finn Berg"', '"onlyAssignedData": true', '"currency": "SEK"'] },
  { operation: 'TheBoardWithoutValue', shows: ['"value": null', '"VIEW_LEAD_VALUE"', '"FORBIDDEN"', '"count"'] },
];

/** The follower listens in one window, the owner edits in another, and the event arrives by itself. */
async function hearsOfAnotherWindow(page, place, operation) {
  const sockets = [];
  page.on('websocket', (socket) => {
    const heard = [];
    socket.on('framereceived', ({ payload }) => heard.push(JSON.parse(payload)));
    sockets.push(heard);
  });
  const event = (found) => async () =>
    sockets.flat().find(({ type, payload }) => type === 'next' && found(payload.data.contactChanged));
  await page.click('.graphiql-execute-button');
  const started = await until(event(({ kind }) => kind === 'STARTED'), 'the stream opens');
  assert.equal(started.payload.data.contactChanged.contact.displayName, 'Ada Lindqvist');

  // Clara plays the tab in which Finn will edit: she is the owner.
  const owner = await (await browser.newContext()).newPage();
  await owner.goto(new URL('/playground/?person=coordinator&tab=TheFollowerEdits', page.url()).href);
  await owner.waitForSelector('[data-testid=playground][data-operation=TheFollowerEdits][data-state=ready]');
  await owner.click('.graphiql-execute-button');
  await owner.waitForSelector('[data-testid=playground][data-state=answered]');
  const changed = await until(event(({ activity }) => activity?.kind === 'contact.updated'), 'the event arrives');
  const heard = changed.payload.data.contactChanged;
  assert.equal(heard.activity.actor.name, 'Clara Nyström');
  assert.equal(heard.contact.address.city, 'Uppsala');
  await owner.close();
  await page.screenshot({ path: path.join(pictures, `${place + 1}-${operation}.png`) });
  await page.click('.graphiql-execute-button');
  console.log(`${operation} hears what ${heard.activity.actor.name} does in another window`);
}

/** Asks again and again until there is an answer. */
async function until(ask, what) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await ask();
    if (found) return found;
    assert.ok(Date.now() < deadline, `${what}, but did not within 30 seconds`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const demo = spawn(
  path.join(target, 'debug', 'retinue'),
  ['demo', '--json', '--listen', '127.0.0.1:0', '--database', `sqlite:${path.join(scratch, 'demo.db')}`],
  { cwd: scratch, stdio: ['ignore', 'pipe', 'inherit'] },
);
const exited = new Promise((resolve) => demo.on('exit', (code) => resolve(code)));
let browser;
try {
  const announced = await Promise.race([
    new Promise((resolve) => readline.createInterface({ input: demo.stdout }).once('line', resolve)),
    exited.then((code) => assert.fail(`the demo ended with ${code} before it announced itself`)),
  ]);
  const { address, people } = JSON.parse(announced);
  assert.equal(people.length, 6);

  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  const context = await browser.newContext({ viewport: { width: 1500, height: 950 } });
  const page = await context.newPage();
  const foreign = [];
  const broken = [];
  // Every foreign request is blocked, and there must be none to block.
  await context.route('**/*', (route) => {
    if (route.request().url().startsWith(`${address}/`)) return route.continue();
    foreign.push(route.request().url());
    return route.abort();
  });
  page.on('pageerror', (error) => broken.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && broken.push(message.text()));
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });

  await page.goto(`${address}/playground/`);
  await page.getByTestId('playground').waitFor();
  for (const [place, { operation, shows, listens }] of STORY.entries()) {
    await page.click(`#graphiql-session-tab-${place}`);
    await page.waitForSelector(`[data-testid=playground][data-operation=${operation}]`);
    if (listens) {
      await hearsOfAnotherWindow(page, place, operation);
      continue;
    }
    const answered = page.waitForResponse(
      (response) =>
        response.url() === `${address}/graphql` &&
        JSON.parse(response.request().postData() ?? '{}').operationName === operation,
      { timeout: 30_000 },
    );
    await page.click('.graphiql-execute-button');
    // The page draws only the lines in sight; what it was answered is asked of the answer itself.
    const answer = JSON.stringify(await (await answered).json(), null, 1);
    for (const text of shows) assert.ok(answer.includes(text), `${operation} does not show ${text}, but: ${answer}`);
    await page.waitForSelector('[data-testid=playground][data-state=answered]', { timeout: 30_000 });
    await page.screenshot({ path: path.join(pictures, `${place + 1}-${operation}.png`) });
    console.log(`${operation} shows ${shows.join(', ')}`);
  }
  assert.deepEqual(foreign, [], 'no foreign request');
  assert.deepEqual(await page.evaluate(() => window.violations), [], 'no violation of the content security policy');
  assert.deepEqual(broken, [], 'no error in the page');
} finally {
  await browser?.close();
  demo.kill('SIGTERM');
  const code = await exited;
  rmSync(scratch, { recursive: true, force: true });
  assert.equal(code, 0, 'the demo stops cleanly');
}
console.log(`${STORY.length} passed, 0 failed`);
