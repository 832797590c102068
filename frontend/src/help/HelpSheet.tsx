/** The “?” sheet: the keys of the page one is on, and what the words mean. Knows nothing of rules or data. */
import { Button, Drawer, Kbd, Tabs, Text, TextInput } from '@mantine/core';
import { IconKeyboard, IconMap2, IconSearch, IconVocabulary } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type HelpPart, useAids } from '../ui/aids';
import { hasWords } from '../ui/fold';
import { useFocusBack } from '../ui/useFocusBack';
import { WORDS } from '../ui/wordList';
import classes from './help.module.css';
import { BUILDER, EVERYWHERE, type KeyLine, LISTS } from './keys';

interface Props {
  opened: boolean;
  part: HelpPart;
  /** A rule is open: its keys come first. */
  building: boolean;
  onPart: (part: HelpPart) => void;
  onClose: () => void;
}

export default function HelpSheet({ opened, part, building, onPart, onClose }: Props) {
  const { t } = useTranslation();
  const { tour } = useAids();
  useFocusBack(opened);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={t('help.title')}
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <Tabs value={part} onChange={(next) => onPart(next === 'words' ? 'words' : 'keys')} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="keys" leftSection={<IconKeyboard size={17} aria-hidden />}>
            {t('help.keys')}
          </Tabs.Tab>
          <Tabs.Tab value="words" leftSection={<IconVocabulary size={17} aria-hidden />}>
            {t('help.words')}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="keys">
          {building && <Keys title={t('help.builder')} lines={BUILDER} />}
          <Keys title={t('help.everywhere')} lines={EVERYWHERE} />
          <Keys title={t('help.lists')} lines={LISTS} />
          <Text size="sm" c="dimmed" mt="md">
            {t('help.note')}
          </Text>
        </Tabs.Panel>
        <Tabs.Panel value="words">
          <Glossary />
        </Tabs.Panel>
      </Tabs>
      {tour !== null && (
        <Button
          mt="lg"
          variant="default"
          leftSection={<IconMap2 size={17} aria-hidden />}
          onClick={() => {
            onClose();
            tour();
          }}
        >
          {t('help.tour')}
        </Button>
      )}
    </Drawer>
  );
}

function Keys({ title, lines }: { title: string; lines: readonly KeyLine[] }) {
  const { t } = useTranslation();
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>{title}</h3>
      <dl className={classes.keys}>
        {lines.map(([words, caps]) => (
          <div key={words} className={classes.line}>
            <dt>{t(words)}</dt>
            <dd>
              {caps.map((cap) => (
                <Kbd key={cap}>{cap}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Glossary() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const found = WORDS.filter((word) =>
    hasWords(`${t(`help.word.${word}.name`)} ${t(`help.word.${word}.text`)}`, typed),
  );
  return (
    <>
      <TextInput
        mt="md"
        aria-label={t('help.find')}
        placeholder={t('help.find')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {found.length === 0 && (
        <Text size="sm" c="dimmed" mt="md" role="status">
          {t('help.noWord', { search: typed })}
        </Text>
      )}
      {found.length > 0 && (
        <dl className={classes.words}>
          {found.map((word) => (
            <div key={word}>
              <dt>{t(`help.word.${word}.name`)}</dt>
              <dd>{t(`help.word.${word}.text`)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
