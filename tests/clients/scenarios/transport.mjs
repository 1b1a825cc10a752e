// Queries and mutations over both clients, and what the clients make of our refusals and ends.
import assert from 'node:assert/strict';
import { once, overBoth, overEvents, overSocket, within } from '../clients.mjs';

const VIEWER = '{ viewer { name } }';
const CREATE = `mutation ($input: ContactCreateInput!) {
  contactCreate(input: $input) { contact { id displayName } userErrors { code } }
}`;
const CONTACT = 'query ($id: ID!) { node(id: $id) { ... on Contact { displayName } } }';

/** What a client rejects with. */
async function rejection(promise) {
  return promise.then(
    (result) => assert.fail(`it must be refused, but: ${JSON.stringify(result)}`),
    (error) => error,
  );
}

/** The event of this name, once. */
function happens(client, event) {
  return within(
    new Promise((resolve) => {
      const forget = client.on(event, (told) => (forget(), resolve(told)));
    }),
    `the client tells of ${event}`,
  );
}

export default [
  {
    name: 'everybody is who they say, over both',
    async run(demo) {
      for (const person of Object.values(demo.people)) {
        for (const [name, client] of overBoth(demo, person)) {
          assert.deepEqual(await once(client, VIEWER), { data: { viewer: { name: person.name } } }, name);
          client.dispose();
        }
      }
    },
  },
  {
    name: 'what one client writes, the other reads',
    async run(demo) {
      const [[, socket], [, events]] = overBoth(demo, demo.people.admin);
      for (const [lastName, writer, reader] of [
        ['Over a socket', socket, events],
        ['Over events', events, socket],
      ]) {
        const created = await once(writer, CREATE, { input: { lastName } });
        const { contact, userErrors } = created.data.contactCreate;
        assert.deepEqual([contact.displayName, userErrors], [lastName, []]);
        const read = await once(reader, CONTACT, { id: contact.id });
        assert.deepEqual(read, { data: { node: { displayName: lastName } } });
      }
      socket.dispose();
      events.dispose();
    },
  },
  {
    name: 'many operations share one socket',
    async run(demo) {
      let opened = 0;
      const person = demo.people.admin;
      const client = overSocket(demo, person, { on: { opened: () => (opened += 1) } });
      const results = await Promise.all(Array.from({ length: 80 }, () => once(client, VIEWER)));
      for (const result of results) assert.deepEqual(result, { data: { viewer: { name: person.name } } });
      assert.equal(opened, 1);
      client.dispose();
    },
  },
  {
    name: 'a refused document says why, over both, and is not asked again',
    async run(demo) {
      for (const [query, code] of [
        ['{ secret', 'GRAPHQL_PARSE_FAILED'],
        ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
        ['{ viewer { ...A } } fragment A on User { ...A }', 'GRAPHQL_VALIDATION_FAILED'],
      ]) {
        let connected = 0;
        const on = { connecting: () => (connected += 1) };
        const [[, socket], [, events]] = overBoth(demo, demo.people.admin, { on });
        const errors = await rejection(once(socket, query));
        assert.deepEqual(errors.map((error) => error.extensions.code), [code]);
        const result = await once(events, query);
        assert.deepEqual(result.errors.map((error) => error.extensions.code), [code]);
        assert.equal(result.data, undefined);
        assert.equal(connected, 2);
        socket.dispose();
        events.dispose();
      }
    },
  },
  {
    name: 'without a valid token both are refused',
    async run(demo) {
      const nobody = { token: 'garbage' };
      const socket = overSocket(demo, nobody, { retryAttempts: 0 });
      const closed = await rejection(once(socket, VIEWER));
      assert.deepEqual([closed.code, closed.reason], [4403, 'Forbidden']);
      const events = overEvents(demo, nobody, { retryAttempts: 0 });
      const refused = await rejection(once(events, VIEWER));
      assert.equal(refused.response.status, 401);
    },
  },
  {
    name: 'graphql-ws comes back with a fresh token after 4403',
    async run(demo) {
      const tokens = ['expired', demo.people.admin.token];
      const client = overSocket(demo, demo.people.admin, {
        connectionParams: () => ({ Authorization: `Bearer ${tokens.shift()}` }),
        retryWait: async () => {},
      });
      const closed = happens(client, 'closed');
      assert.deepEqual(await once(client, VIEWER), { data: { viewer: { name: demo.people.admin.name } } });
      assert.equal((await closed).code, 4403);
      assert.deepEqual(tokens, []);
      client.dispose();
    },
  },
  {
    name: 'pings of the client are answered',
    async run(demo) {
      const client = overSocket(demo, demo.people.admin, { lazy: false, keepAlive: 20 });
      for (let beat = 0; beat < 3; beat += 1) await happens(client, 'pong');
      client.dispose();
    },
  },
  {
    name: 'a server that stops sends graphql-ws home, and it comes back to the next one',
    async run(demo) {
      const person = demo.people.admin;
      const client = overSocket(demo, person, {
        lazy: false,
        retryAttempts: 100,
        retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
      });
      await happens(client, 'connected');
      const closed = happens(client, 'closed');
      await demo.stop();
      const { code, reason } = await closed;
      assert.deepEqual([code, reason], [1001, 'Going away']);
      const connected = happens(client, 'connected');
      await demo.start();
      await connected;
      assert.deepEqual(await once(client, VIEWER), { data: { viewer: { name: person.name } } });
      client.dispose();
    },
  },
];
