/** What the page does by itself: open the right tab, introduce a chapter's person, follow a link. */
import { pick, useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect, useState } from 'react';

import type { Asking } from './identity';
import { operationsOf, type Link } from './link';
import type { Chapter, Story } from './story';

/** `loading` until the editors stand; `waiting` while a link's query waits for the schema; `refused` when it may not run. */
export type Phase = 'loading' | 'waiting' | 'ready' | 'running' | 'answered' | 'refused';

export function useDirector(asking: Asking, story: Story, link?: Link) {
  const { addTab, changeTab, run } = useGraphiQLActions();
  const { queryEditor, variableEditor, responseEditor } = useGraphiQL(
    pick('queryEditor', 'variableEditor', 'responseEditor'),
  );
  const { tabs, activeTabIndex } = useGraphiQL(pick('tabs', 'activeTabIndex'));
  const { schema, fetchError, operationName, isFetching } = useGraphiQL(
    pick('schema', 'fetchError', 'operationName', 'isFetching'),
  );
  const [phase, setPhase] = useState<Phase>('loading');
  const [notice, setNotice] = useState<string>();

  // The first time that a chapter comes up, its person tells it. After that the bar decides.
  const introduce = (chapter?: Chapter) => {
    if (chapter && story.opens(chapter) && chapter.person) asking.become(chapter.person);
  };

  // GraphiQL fills the editors from its first tab only, and without the variables: choosing a tab fills them all.
  const isBuilt = Boolean(queryEditor && variableEditor && responseEditor);
  useEffect(() => {
    if (!isBuilt) return;
    const wished = link?.tab ? story.find(link.tab) : undefined;
    const index = wished ? tabs.findIndex((tab) => tab.title === wished.name) : activeTabIndex;
    if (index >= 0) {
      changeTab(index);
    } else if (wished) {
      addTab();
      queryEditor?.setValue(wished.query);
      variableEditor?.setValue(wished.variables ?? '');
    }
    // That emptied the answer's side, where GraphiQL may have said already why it has no schema.
    if (fetchError) responseEditor?.setValue(fetchError);
    introduce(wished ?? story.chapter(tabs[index]?.title));

    const unknown = [
      link?.tab && !wished && `tab \`${link.tab}\``,
      link?.person && !asking.become(link.person) && `person \`${link.person}\``,
    ].filter(Boolean);
    if (unknown.length) setNotice(`The link names ${unknown.join(' and ')}, which this server does not have.`);
    setPhase(!link?.run ? 'ready' : unknown.length ? 'refused' : 'waiting');
  }, [isBuilt]); // once, when the editors stand

  const chapter = story.chapter(tabs[activeTabIndex]?.title);
  useEffect(() => {
    if (phase !== 'loading') introduce(chapter);
  }, [chapter?.name]);

  // A link's query runs once there is a schema (or the news that there is none), and GraphiQL has read the document.
  const isSettled = Boolean(schema || fetchError);
  useEffect(() => {
    if (phase !== 'waiting' || !isSettled) return;
    const operations = operationsOf(queryEditor?.getValue() ?? '');
    if (!operations.length || operations.some(({ operation }) => operation !== 'query')) {
      setNotice('The link asks to run this tab, but links run nothing except queries. Read it, then press play.');
      setPhase('refused');
      return;
    }
    const names = operations.map(({ name }) => name?.value);
    if (!names.includes(operationName ?? undefined)) return;
    run();
    setPhase('answered');
  }, [phase, isSettled, operationName]);

  useEffect(() => {
    if (!isFetching) return;
    setPhase('answered');
    setNotice(undefined);
  }, [isFetching]);

  return { phase: isFetching && phase !== 'loading' ? 'running' : phase, notice };
}
