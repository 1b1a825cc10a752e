/** GraphiQL with what surrounds it: the fetcher, the storage, the story's tabs. */
import { DocExplorerStore, DOC_EXPLORER_PLUGIN } from '@graphiql/plugin-doc-explorer';
import { HISTORY_PLUGIN, HistoryStore } from '@graphiql/plugin-history';
import { GraphiQLProvider } from '@graphiql/react';
import { useState } from 'react';

import { Desk } from './Desk';
import { fetcherFor } from './fetcher';
import { useIdentity } from './identity';
import { readLink, type Link } from './link';
import type { Session } from './session';
import { TabStorage } from './storage';
import { Story } from './story';

const PLUGINS = [DOC_EXPLORER_PLUGIN, HISTORY_PLUGIN];
const FIRST_QUERY = `# Paste a token above, write a query, press play.
query Hello {
  __typename
}
`;

type Visit = { number: number; storage: TabStorage; link?: Link };

export function Playground({ session }: { session: Session }) {
  const asking = useIdentity(session);
  const [fetcher] = useState(() => fetcherFor(asking.identity));
  const [story] = useState(() => new Story(session));
  const [visit, setVisit] = useState<Visit>(() => ({
    number: 1,
    storage: new TabStorage(session),
    link: readLink(location.search),
  }));

  const restart = () => {
    visit.storage.retire();
    story.restart();
    setVisit({ number: visit.number + 1, storage: new TabStorage(session) });
  };

  return (
    <GraphiQLProvider
      key={visit.number}
      fetcher={fetcher}
      storage={visit.storage}
      plugins={PLUGINS}
      referencePlugin={DOC_EXPLORER_PLUGIN}
      defaultQuery={FIRST_QUERY}
      defaultTabs={story.chapters.length ? story.chapters : undefined}
    >
      <HistoryStore>
        <DocExplorerStore>
          <Desk
            asking={asking}
            story={story}
            isOutdated={visit.storage.isOutdated}
            link={visit.link}
            onRestart={restart}
          />
        </DocExplorerStore>
      </HistoryStore>
    </GraphiQLProvider>
  );
}
