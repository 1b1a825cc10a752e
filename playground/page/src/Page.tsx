/** Loads the session, then shows the playground, or says why it cannot. */
import { useEffect, useState } from 'react';

import { Playground } from './Playground';
import { loadSession, type Session } from './session';

export function Page() {
  const [session, setSession] = useState<Session>();
  const [failure, setFailure] = useState<string>();

  const load = () => {
    setFailure(undefined);
    loadSession().then(setSession, (error: Error) => setFailure(error.message));
  };
  useEffect(load, []);

  if (session) return <Playground session={session} />;
  if (!failure) return <p className="page-message">Loading the playground…</p>;
  return (
    <div className="page-message" role="alert" data-testid="session-failed">
      <h1>The playground could not start</h1>
      <p>It asks the server who you may be and which tabs to open, and {failure}.</p>
      <p>
        See whether the server still runs (its terminal says so), start it again if not, then try again. The API itself
        answers at <code>/graphql</code>.
      </p>
      <button type="button" onClick={load} data-testid="session-retry">
        Try again
      </button>
    </div>
  );
}
