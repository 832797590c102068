import { useHotkeys } from '@mantine/hooks';
import { Outlet, useMatches } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { createStore } from 'zustand';
import { useMay, useSession } from '../api/session';
import { withWords } from '../i18n';
import { TourPlace } from '../tour/TourPlace';
import { type Aids, AidsProvider, type HelpPart } from '../ui/aids';
import { Frame } from '../ui/Frame';
import { ProgressProvider, type Told } from '../ui/progress';
import { Stream } from '../ui/Stream';

const SearchDialog = lazy(() => withWords(import('../search/SearchDialog'), 'importing'));
const HelpSheet = lazy(() => withWords(import('../help/HelpSheet'), 'builder', 'ways'));

/** The frame around every page of a signed-in person, and what can be called for on each of them. */
export function Shell() {
  const session = useSession();
  const fills = useMatches({ select: (matches) => matches.some((match) => match.staticData.fills === true) });
  const building = useMatches({
    select: (matches) => matches.some((match) => match.routeId === '/shell/rules/$ruleId'),
  });
  const demo = session.data?.demo ?? false;
  // What was opened once stays mounted, so that it can close as softly as it came.
  const [open, setOpen] = useState<'search' | 'help' | null>(null);
  const account = session.data?.account;
  const mayEdit = useMay('editor');
  const touring = mayEdit && session.data?.demo_data === true;
  const [told] = useState(() => createStore<Told>(() => ({ now: null, over: null })));
  const [asked, setAsked] = useState(0);
  const [part, setPart] = useState<HelpPart>('keys');
  const [met, setMet] = useState<ReadonlySet<string>>(new Set());
  const aids = useMemo<Aids>(() => {
    const show = (what: 'search' | 'help') => {
      setMet((before) => (before.has(what) ? before : new Set([...before, what])));
      setOpen(what);
    };
    return {
      search: () => show('search'),
      help: (wanted = 'keys') => {
        setPart(wanted);
        show('help');
      },
      tour: touring ? () => setAsked((times) => times + 1) : null,
    };
  }, [touring]);
  const close = () => setOpen(null);
  useHotkeys([['mod+K', aids.search]], []);
  useHotkeys([
    ['shift+?', () => aids.help()],
    ['?', () => aids.help()],
  ]);
  return (
    <AidsProvider value={aids}>
      <ProgressProvider value={told}>
        <Frame
          fills={fills}
          demo={demo}
          before={
            touring &&
            account && <TourPlace key={account.id} accountId={account.id} told={told} asked={asked} />
          }
        >
          <Stream />
          <Outlet />
        </Frame>
      </ProgressProvider>
      <Suspense>
        {met.has('search') && <SearchDialog opened={open === 'search'} onClose={close} />}
        {met.has('help') && (
          <HelpSheet
            opened={open === 'help'}
            part={part}
            building={building}
            onPart={setPart}
            onClose={close}
          />
        )}
      </Suspense>
    </AidsProvider>
  );
}
