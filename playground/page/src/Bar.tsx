/** Who asks: one of the demo's people, or the holder of a pasted token. */
import { useGraphiQLActions } from '@graphiql/react';
import { useState } from 'react';

import type { Asking } from './identity';

export function PeopleBar({ asking: { identity, become } }: { asking: Asking }) {
  return (
    <fieldset className="people" data-testid="people">
      <legend>Ask as</legend>
      {identity.people.map(({ key, name, role, about }) => {
        const chosen = key === identity.person?.key;
        return (
          <label key={key} className="person" title={about} data-testid={`person-${key}`} data-chosen={chosen}>
            <input
              type="radio"
              name="person"
              value={key}
              checked={chosen}
              onChange={() => become(key)}
              aria-label={`${name}, ${role}`}
              aria-description={about}
            />
            <span className="person-name">{name}</span>
            <span className="person-role">{role}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

export function TokenBar({ asking: { identity, paste } }: { asking: Asking }) {
  const { introspect } = useGraphiQLActions();
  const [text, setText] = useState(identity.token);

  const use = (token: string) => {
    setText(token);
    paste(token);
    void introspect();
  };

  return (
    <form
      className="token"
      data-testid="token-form"
      onSubmit={(event) => {
        event.preventDefault();
        use(text.trim());
      }}
    >
      <label htmlFor="token">Token</label>
      <input
        id="token"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="paste a token"
        aria-describedby="token-note"
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-testid="token-input"
      />
      <button type="submit" disabled={text.trim() === identity.token} data-testid="token-use">
        Use it
      </button>
      <button type="button" disabled={!identity.token} onClick={() => use('')} data-testid="token-forget">
        Forget it
      </button>
      <span id="token-note" role="status" data-testid="token-note">
        {identity.token
          ? 'Every request carries this token. It is kept in this browser tab only (sessionStorage) and ends with it.'
          : 'Requests carry no token. One that you paste is kept in this browser tab only (sessionStorage) and ends with it.'}
      </span>
    </form>
  );
}
