/** The builder's room without a server: a rule of its own, made-up tables, a record for the lamps; nothing is saved. */
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { makeCommands } from '../builder/commands';
import { type Room, RoomProvider } from '../builder/context';
import { BuilderProvider, createBuilder, NO_TEST } from '../builder/store';
import type { Subject } from '../canvas/useTables';
import type { JSONObject } from '../model/json';
import type { Words } from '../model/wording';
import { DOCUMENT, RECORD, SUBJECT } from './samples';

type Props = {
  readonly words: Words;
  readonly dialog: string | null;
  /** Another rule than the sample. */
  readonly document?: JSONObject;
  /** What is known otherwise of what the rule is about. */
  readonly subject?: Partial<Subject>;
  readonly children: ReactNode;
};

export function SampleRoom({ words, dialog, document = DOCUMENT, subject, children }: Props) {
  const { t } = useTranslation();
  const [store] = useState(() => {
    const made = createBuilder({
      ruleId: 1,
      document,
      etag: '',
      found: [],
      editing: true,
      selected: null,
      view: 'list',
    });
    made.setState({
      lamps: true,
      testing: { ...NO_TEST, key: { id: 1 }, label: 'Sample', record: RECORD },
      dialog: dialog === 'json' ? 'json' : null,
      removing: dialog === 'remove' ? 'c' : null,
    });
    return made;
  });
  const room = useMemo<Room>(
    () => ({
      commands: makeCommands({
        store,
        canvas: { current: null },
        say: (key, values) => t(key, values ?? {}),
        defaults: { mail: '', sms: '', connection: 'crm', table: 'public.leads' },
        titleOf: (_opened, id) => id,
        wordsOf: (_opened, id) => id,
        removed: () => undefined,
        refused: () => undefined,
      }),
      words,
      subject: { ...SUBJECT, ...subject },
      carry: () => undefined,
      autosave: { flush: async () => null, stop: () => undefined },
      problemText: (problem) => t(`builder.problem.${problem.code}`),
      fixText: () => '',
      stepTitle: (id) => id,
      fit: () => undefined,
      zoom: () => undefined,
    }),
    [store, words, subject, t],
  );
  return (
    <BuilderProvider value={store}>
      <RoomProvider value={room}>{children}</RoomProvider>
    </BuilderProvider>
  );
}
