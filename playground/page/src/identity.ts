/** Who asks. The bar shows it and every request carries it; both read it here. */
import { useState } from 'react';

import type { Person, Session } from './session';

/** Tokens and choices live in `sessionStorage` only: they end with the browser tab. */
const PERSON = 'retinue:person';
const TOKEN = 'retinue:token';

export class Identity {
  constructor(
    public people: readonly Person[],
    private key = sessionStorage.getItem(PERSON),
    private pasted = sessionStorage.getItem(TOKEN) ?? '',
  ) {}

  get person(): Person | undefined {
    return this.people.find((person) => person.key === this.key) ?? this.people[0];
  }

  /** The token of the chosen person; where there are no people, the one that was pasted. */
  get token(): string {
    return this.person?.token ?? this.pasted;
  }

  become(key: string): boolean {
    if (!this.people.some((person) => person.key === key)) return false;
    this.key = key;
    sessionStorage.setItem(PERSON, key);
    return true;
  }

  paste(token: string) {
    this.pasted = token;
    if (token) sessionStorage.setItem(TOKEN, token);
    else sessionStorage.removeItem(TOKEN);
  }

  /** The same choice with the tokens of a newer session. */
  renew(session: Session) {
    this.people = session.people;
  }
}

/** The identity and the acts on it. The object changes at once, so that a request sent right after carries the new one. */
export function useIdentity(session: Session) {
  const [identity] = useState(() => new Identity(session.people));
  const [, redraw] = useState(0);

  return {
    identity,
    become(key: string) {
      const known = identity.become(key);
      redraw((count) => count + 1);
      return known;
    },
    paste(token: string) {
      identity.paste(token);
      redraw((count) => count + 1);
    },
  };
}

export type Asking = ReturnType<typeof useIdentity>;
