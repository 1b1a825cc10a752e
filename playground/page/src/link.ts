/** Links into the page: `?person=follower&tab=2&run=1` chooses a person and a tab, and runs it when it only reads. */
import { Kind, parse } from 'graphql';

export type Link = { person: string | null; tab: string | null; run: boolean };

export function readLink(search: string): Link {
  const wishes = new URLSearchParams(search);
  return { person: wishes.get('person'), tab: wishes.get('tab'), run: wishes.get('run') === '1' };
}

/** The operations of a document, or none when it cannot be read. */
export function operationsOf(query: string) {
  try {
    return parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  } catch {
    return [];
  }
}
