// The reference clients, set up as docs/realtime.md says, with what the scenarios need of them.
import { createClient as createSse } from 'graphql-sse';
import { createClient as createWs } from 'graphql-ws';
import WebSocket from 'ws';

/** How long anything may take before a scenario fails. */
export const DEADLINE = 20_000;

/** A client over WebSocket. `more` are options of graphql-ws. */
export function overSocket(demo, person, more = {}) {
  return createWs({
    url: `${demo.address.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: () => ({ Authorization: `Bearer ${person.token}` }),
    ...more,
  });
}

/** A client over SSE. `more` are options of graphql-sse. */
export function overEvents(demo, person, more = {}) {
  return createSse({
    url: `${demo.address}/graphql/stream`,
    headers: () => ({ Authorization: `Bearer ${person.token}` }),
    ...more,
  });
}

/** Both, for what must be the same over either: their name and a client. */
export function overBoth(demo, person, more = {}) {
  return [
    ['graphql-ws', overSocket(demo, person, more)],
    ['graphql-sse', overEvents(demo, person, more)],
  ];
}

/** Everything that comes of an operation until it completes; rejects with what the client reports. */
export function all(client, request) {
  const results = [];
  return within(
    new Promise((resolve, reject) => {
      client.subscribe(request, {
        next: (result) => results.push(result),
        error: reject,
        complete: () => resolve(results),
      });
    }),
    'the operation completes',
  );
}

/** The one result of a query or a mutation. */
export async function once(client, query, variables) {
  const results = await all(client, { query, variables });
  if (results.length !== 1) throw new Error(`one result, not ${JSON.stringify(results)}`);
  return results[0];
}

/** An operation that goes on: `next()` waits for its next result, `stop()` completes it. */
export function follow(client, request) {
  const results = [];
  let failed;
  let ended = false;
  let wake = () => {};
  const stop = client.subscribe(request, {
    next: (result) => (results.push(result), wake()),
    error: (error) => ((failed = error), wake()),
    complete: () => ((ended = true), wake()),
  });
  const changes = async (is, what) => {
    while (!is()) await within(new Promise((resolve) => (wake = resolve)), what);
  };
  return {
    stop,
    /** The next result. */
    async next() {
      await changes(() => results.length > 0 || failed || ended, 'a result comes');
      if (results.length > 0) return results.shift();
      throw failed ?? new Error('it completed');
    },
    /** Waits until it has completed; rejects with its error. */
    async end() {
      await changes(() => failed || ended, 'it ends');
      if (failed) throw failed;
    },
  };
}

/** Waits for what must happen in time. */
export function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`late: ${what}`)), DEADLINE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
