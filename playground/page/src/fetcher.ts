/** How GraphiQL reaches the server: always as whoever is chosen in the bar. */
import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createClient, type Client } from 'graphql-ws';

import type { Identity } from './identity';
import { loadSession } from './session';

const ENDPOINT = '/graphql';

export function fetcherFor(identity: Identity) {
  return createGraphiQLFetcher({
    url: ENDPOINT,
    enableIncrementalDelivery: false,
    wsClient: listener(identity),
    fetch: async (input, init) => {
      const answer = await ask(identity, input, init);
      if (answer.status !== 401 || !identity.person) return answer;

      // A demo that was started again has new tokens, and a refused request changed nothing: ask once more.
      identity.renew(await loadSession());
      return ask(identity, input, init);
    },
  });
}

/** A socket for each subscription: it opens as whoever is chosen then, and another choice leaves it alone. */
function listener(identity: Identity): Client {
  const open = () =>
    createClient({
      url: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${ENDPOINT}`,
      connectionParams: () => ({ authorization: `Bearer ${identity.token}` }),
      shouldRetry: () => false,
    });
  const none = open();
  return {
    ...none,
    subscribe: (payload, sink) => open().subscribe(payload, sink),
    iterate: (payload) => open().iterate(payload),
  };
}

async function ask(identity: Identity, input: RequestInfo | URL, init?: RequestInit) {
  const headers = new Headers(init?.headers);
  if (identity.token) headers.set('authorization', `Bearer ${identity.token}`);
  return fetch(input, { ...init, headers, credentials: 'omit' }).catch(() => {
    throw new Error(`the server did not answer at ${ENDPOINT}; see whether it still runs, then press play again`);
  });
}
