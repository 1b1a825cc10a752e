/** The bar above, GraphiQL below, and below the answer a note of who asked. */
import { pick, useGraphiQL } from '@graphiql/react';
import { GraphiQL, GraphiQLInterface } from 'graphiql';
import { useEffect, useState } from 'react';

import { PeopleBar, TokenBar } from './Bar';
import { useDirector } from './director';
import type { Asking } from './identity';
import type { Link } from './link';
import type { Person } from './session';
import type { Story } from './story';

type Desk = { asking: Asking; story: Story; isOutdated: boolean; link?: Link; onRestart: () => void };

export function Desk({ asking, story, isOutdated, link, onRestart }: Desk) {
  const { person } = asking.identity;
  const { phase, notice } = useDirector(asking, story, link);
  const askedAs = useAskedAs(person);
  const { tabs, activeTabIndex, operationName } = useGraphiQL(pick('tabs', 'activeTabIndex', 'operationName'));
  const chapter = story.chapter(tabs[activeTabIndex]?.title);

  return (
    <div
      className="playground"
      data-testid="playground"
      data-state={phase}
      data-person={person?.key}
      // The operation that play would run: GraphiQL reads a document a moment after it is shown.
      data-operation={operationName}
    >
      <header className="bar" data-testid="bar">
        {person ? <PeopleBar asking={asking} /> : <TokenBar asking={asking} />}
        <div className="bar-line">
          {person && (
            <p role="status" data-testid="who-asks">
              Play asks as <strong>{person.name}</strong> ({person.role}): {person.about}
            </p>
          )}
          {story.chapters.length > 0 && (
            <p className="story">
              {chapter && (
                <span data-testid="story-title">
                  Step {chapter.number} of {story.chapters.length}: {chapter.title}
                </span>
              )}
              <button type="button" onClick={onRestart} data-testid="restore-story">
                Restore the story’s tabs
              </button>
            </p>
          )}
        </div>
        {isOutdated && (
          <p className="notice" data-testid="outdated">
            Your tabs were opened from an older story: what they ask for may be gone. Restore the story’s tabs to follow it.
          </p>
        )}
        {notice && (
          <p className="notice" role="alert" data-testid="notice">
            {notice}
          </p>
        )}
      </header>
      <main className="desk">
        <GraphiQLInterface
          // Identity is the bar's; a token in a header editor would end up in the stored history.
          isHeadersEditorEnabled={false}
          showPersistHeadersSettings={false}
          defaultEditorToolsVisibility={story.chapters.some((tab) => tab.variables)}
        >
          <GraphiQL.Logo>
            <span className="logo">Retinue</span>
          </GraphiQL.Logo>
          {askedAs && (
            <GraphiQL.Footer>
              <p
                className="asked-as"
                data-testid="asked-as"
                data-person={askedAs.key}
                data-stale={askedAs.key !== person?.key}
              >
                Asked as <strong>{askedAs.name}</strong> ({askedAs.role}).
                {person && person.key !== askedAs.key && <> You are {person.name} now: press play to ask again.</>}
              </p>
            </GraphiQL.Footer>
          )}
        </GraphiQLInterface>
      </main>
    </div>
  );
}

/** As whom the answer in the active tab was asked for. Answers end with the page, and so does this. */
function useAskedAs(person: Person | undefined) {
  const { tabs, activeTabIndex, isFetching } = useGraphiQL(pick('tabs', 'activeTabIndex', 'isFetching'));
  const [asked, setAsked] = useState<Record<string, Person>>({});
  const id = tabs[activeTabIndex]?.id ?? '';

  useEffect(() => {
    if (isFetching && person) setAsked((known) => ({ ...known, [id]: person }));
  }, [isFetching]); // only the start of a request tells who asked

  return asked[id];
}
