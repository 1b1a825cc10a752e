/** What the server tells the page: who one may be, and which tabs tell the story. */

export type Person = {
  key: string;
  name: string;
  role: string;
  /** One line of what this person may do. */
  about: string;
  token: string;
};

export type StoryTab = {
  title: string;
  query: string;
  variables?: string | null;
  /** The key of the person this tab's part of the story is told by. */
  person?: string | null;
};

export type Session = {
  mode: 'demo' | 'serve';
  people: Person[];
  tabs: StoryTab[];
};

export async function loadSession(): Promise<Session> {
  const url = `${import.meta.env.BASE_URL}session.json`;
  const answer = await fetch(url, { cache: 'no-store', headers: { accept: 'application/json' } }).catch(() => {
    throw new Error(`the server did not answer at ${url}`);
  });
  if (!answer.ok) throw new Error(`the server answered ${answer.status} at ${url}`);

  const session: unknown = await answer.json().catch(() => null);
  if (!isSession(session)) throw new Error(`what the server sent from ${url} is not a session`);
  return session;
}

function isSession(value: unknown): value is Session {
  const session = value as Session | null;
  return (
    (session?.mode === 'demo' || session?.mode === 'serve') && Array.isArray(session.people) && Array.isArray(session.tabs)
  );
}
