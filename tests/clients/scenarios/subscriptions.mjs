// Subscriptions as the reference clients speak them: events as they happen, cuts and kills without a loss, the end of access.
import assert from 'node:assert/strict';
import { follow, once, overBoth, overEvents, overSocket } from '../clients.mjs';

const CREATE = `mutation ($input: ContactCreateInput!) {
  contactCreate(input: $input) { contact { id } userErrors { code } }
}`;
const RENAME = `mutation ($input: ContactUpdateInput!) { contactUpdate(input: $input) { userErrors { code } } }`;
const FOLLOW = `mutation ($input: ContactAddFollowersInput!) { contactAddFollowers(input: $input) { userErrors { code } } }`;
const UNFOLLOW = `mutation ($input: ContactRemoveFollowersInput!) { contactRemoveFollowers(input: $input) { userErrors { code } } }`;
const LISTEN = `subscription ($id: ID!, $after: String) {
  contactChanged(id: $id, after: $after) { kind cursor contact { displayName } activity { kind actor { name } } }
}`;
const INBOX = `subscription ($after: Int) { notificationAdded(after: $after) { number kind reason } }`;
const LIST = `{ viewer { notifications(first: 200) { nodes { number kind reason } } } }`;

async function done(client, query, input) {
  const result = await once(client, query, { input });
  const payload = Object.values(result.data)[0];
  assert.deepEqual(payload.userErrors, []);
  return payload;
}

/** A contact of the coordinator's, followed by the follower. */
async function followed(demo, lastName) {
  const clara = overSocket(demo, demo.people.coordinator);
  const finn = await once(overSocket(demo, demo.people.follower), '{ viewer { id } }');
  const { contact } = await done(clara, CREATE, { lastName });
  const userIds = [finn.data.viewer.id];
  await done(clara, FOLLOW, { id: contact.id, userIds });
  return { clara, id: contact.id, userIds };
}

const event = (result) => {
  assert.equal(result.errors, undefined, JSON.stringify(result));
  return result.data.contactChanged;
};

export default [
  {
    name: 'a follower hears the owner, over both, until access ends',
    async run(demo) {
      const { clara, id, userIds } = await followed(demo, 'Heard');
      const streams = overBoth(demo, demo.people.follower).map(([, client]) => follow(client, { query: LISTEN, variables: { id } }));
      for (const stream of streams) assert.equal(event(await stream.next()).kind, 'STARTED');
      await done(clara, RENAME, { id, lastName: 'Renamed' });
      for (const stream of streams) {
        const { kind, contact, activity } = event(await stream.next());
        assert.deepEqual([kind, contact.displayName, activity.kind, activity.actor.name], ['CHANGED', 'Renamed', 'contact.updated', demo.people.coordinator.name]);
      }
      await done(clara, UNFOLLOW, { id, userIds });
      for (const stream of streams) {
        const { kind, contact, activity } = event(await stream.next());
        assert.deepEqual([kind, contact, activity], ['ACCESS_ENDED', null, null]);
        await stream.end();
      }
    },
  },
  {
    name: 'whoever was cut resumes without loss, by `after` and by `Last-Event-ID`',
    async run(demo) {
      const { clara, id } = await followed(demo, 'Resumed');
      const first = follow(overSocket(demo, demo.people.follower), { query: LISTEN, variables: { id } });
      const { cursor } = event(await first.next());
      first.stop();
      for (const lastName of ['One', 'Two', 'Three']) await done(clara, RENAME, { id, lastName });

      const resumed = [
        follow(overSocket(demo, demo.people.follower), { query: LISTEN, variables: { id, after: cursor } }),
        follow(
          overEvents(demo, demo.people.follower, {
            headers: { Authorization: `Bearer ${demo.people.follower.token}`, 'Last-Event-ID': cursor },
          }),
          { query: LISTEN, variables: { id } },
        ),
      ];
      for (const stream of resumed) {
        for (let count = 0; count < 3; count += 1) {
          const { kind, activity } = event(await stream.next());
          assert.deepEqual([kind, activity.kind], ['CHANGED', 'contact.updated']);
        }
        stream.stop();
      }
    },
  },
  {
    name: 'the inbox as a stream is the inbox as a list, through a restart of the server',
    async run(demo) {
      const { clara, id } = await followed(demo, 'Told');
      const person = demo.people.follower;
      const heard = [];
      const take = async (stream, until) => {
        while (heard.length < until) {
          const result = await stream.next();
          assert.equal(result.errors, undefined, JSON.stringify(result));
          heard.push(result.data.notificationAdded);
        }
        stream.stop();
      };
      const list = async () => (await once(overSocket(demo, person), LIST)).data.viewer.notifications.nodes.reverse();
      await done(clara, RENAME, { id, lastName: 'Before' });
      const before = await list();
      await take(follow(overSocket(demo, person), { query: INBOX, variables: { after: 0 } }), before.length);

      await demo.stop();
      await demo.start();
      const again = overSocket(demo, demo.people.coordinator);
      await done(again, RENAME, { id, lastName: 'After' });
      const after = await list();
      assert.equal(after.length, before.length + 1);
      const { number } = heard.at(-1);
      await take(follow(overEvents(demo, demo.people.follower), { query: INBOX, variables: { after: number } }), after.length);
      assert.deepEqual(heard, after);
      assert.deepEqual(heard.map(({ number }) => number), after.map((_, place) => place + 1));
    },
  },
];
