/** The tabs that tell the story, and which of them a tab of GraphiQL is. */
import type { Session, StoryTab } from './session';

/** The chapters whose person has already been introduced; remembered until the browser tab closes. */
const TOLD = 'retinue:told';

/** The name of a document's first operation: GraphiQL's title of the tab, and how the page knows a story's tab again. */
export function operationName(query: string): string | undefined {
  return /^(?!#).*?\b(?:query|mutation|subscription)\s+(\w+)/m.exec(query)?.[1];
}

export type Chapter = StoryTab & { name: string; number: number };

export class Story {
  readonly chapters: Chapter[];
  private told = new Set<string>(JSON.parse(sessionStorage.getItem(TOLD) ?? '[]'));

  constructor(session: Session) {
    this.chapters = session.tabs.map((tab, index) => ({
      ...tab,
      name: operationName(tab.query) ?? tab.title,
      number: index + 1,
    }));
  }

  /** The chapter that a tab with this title shows. */
  chapter(title: string | undefined) {
    return this.chapters.find((chapter) => chapter.name === title);
  }

  /** The chapter that a link means: by number from 1, or by name. */
  find(reference: string) {
    return this.chapters.find(({ name, number }) => name === reference || String(number) === reference);
  }

  /** Says whether this chapter comes up for the first time, and remembers that it did. */
  opens(chapter: Chapter) {
    if (this.told.has(chapter.name)) return false;
    this.told.add(chapter.name);
    sessionStorage.setItem(TOLD, JSON.stringify([...this.told]));
    return true;
  }

  restart() {
    this.told.clear();
    sessionStorage.removeItem(TOLD);
  }
}
