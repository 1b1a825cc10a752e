/** Where GraphiQL keeps its tabs, history and theme: `localStorage`, apart for demo and serve. */
import type { Session } from './session';

const TABS = 'graphiql:tabState';
const STORY = 'story';

/** GraphiQL keeps the active tab's text a second time under these; on reload the two copies compete and tabs double. */
const DOUBLES = ['graphiql:query', 'graphiql:variables', 'graphiql:headers'];

export class TabStorage implements Storage {
  private retired = false;

  /** Whether the kept tabs were opened from an older story; the ids in them may be gone. */
  readonly isOutdated: boolean;

  constructor(private session: Session) {
    const story = JSON.stringify(session.tabs);
    if (this.getItem(TABS) === null || this.getItem(STORY) === null) this.setItem(STORY, story);
    this.isOutdated = this.getItem(STORY) !== story;
  }

  /** Forgets the tabs. GraphiQL writes late, so nothing is taken from this object any more. */
  retire() {
    this.removeItem(TABS);
    this.retired = true;
  }

  getItem(key: string) {
    return DOUBLES.includes(key) ? null : localStorage.getItem(this.named(key));
  }

  setItem(key: string, value: string) {
    if (!this.retired && !DOUBLES.includes(key)) localStorage.setItem(this.named(key), value);
  }

  removeItem(key: string) {
    if (!this.retired) localStorage.removeItem(this.named(key));
  }

  clear() {
    for (const key of this.keys()) localStorage.removeItem(key);
  }

  key(index: number) {
    return this.keys()[index] ?? null;
  }

  get length() {
    return this.keys().length;
  }

  private named(key: string) {
    return `retinue:${this.session.mode}:${key}`;
  }

  private keys() {
    return Object.keys(localStorage).filter((key) => key.startsWith(this.named('')));
  }
}
