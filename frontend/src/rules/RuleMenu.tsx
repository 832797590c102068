import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconArchive,
  IconArchiveOff,
  IconCopy,
  IconCursorText,
  IconDots,
  IconDownload,
  IconHelpCircle,
  IconHistory,
  IconPencil,
} from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { exportRule, useArchiveRule, useDuplicateRule, useRestoreRule } from '../api/rules';
import { useMay } from '../api/session';
import type { RuleSummary } from '../api/types';
import { Confirm } from '../ui/Confirm';
import { useProblemText } from '../ui/States';
import { saveFile } from '../ui/saveFile';
import { toastDone, toastError } from '../ui/toast';
import { useAskWhy } from '../ui/useAskWhy';
import { fileName } from './fileName';
import { RenameDialog } from './RenameDialog';

/** What can be done with one rule, at the end of its row. */
export function RuleMenu({ rule }: { rule: RuleSummary }) {
  const { t } = useTranslation();
  const router = useRouter();
  const ask = useAskWhy(rule);
  const mayEdit = useMay('editor');
  const mayPublish = useMay('publisher');
  const words = useProblemText();
  const duplicate = useDuplicateRule();
  const archive = useArchiveRule();
  const restore = useRestoreRule();
  const [asking, question] = useDisclosure(false);
  const [renaming, naming] = useDisclosure(false);
  const { name } = rule;
  const onError = (error: Error) => toastError(words(error));

  const save = () => {
    exportRule(rule.id)
      .then((document) => saveFile(fileName(name), JSON.stringify(document, null, 2)))
      .catch(onError);
  };
  const copy = () =>
    duplicate.mutate(rule.id, {
      onSuccess: (made) => toastDone(t('rules.duplicated', { name: made.name })),
      onError,
    });
  const put = () =>
    archive.mutate(rule.id, {
      onSuccess: () => {
        question.close();
        toastDone(t('rules.archived', { name }));
      },
      onError,
    });
  const bringBack = () =>
    restore.mutate(rule.id, { onSuccess: () => toastDone(t('rules.restored', { name })), onError });

  return (
    <>
      <Menu position="bottom-end" width={230} withinPortal>
        <Menu.Target>
          <ActionIcon aria-label={t('rules.menu.label', { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPencil size={16} />}
            onClick={() =>
              void router.navigate({ to: '/rules/$ruleId', params: { ruleId: String(rule.id) } })
            }
          >
            {t('rules.menu.edit')}
          </Menu.Item>
          {mayEdit && (
            <Menu.Item leftSection={<IconCopy size={16} />} onClick={copy}>
              {t('rules.menu.duplicate')}
            </Menu.Item>
          )}
          {mayEdit && (
            <Menu.Item leftSection={<IconCursorText size={16} />} onClick={naming.open}>
              {t('ruleList.rename')}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconHistory size={16} />}
            onClick={() => void router.navigate({ to: '/runs', search: { rule: rule.id } })}
          >
            {t('rules.menu.runs')}
          </Menu.Item>
          {ask && (
            <Menu.Item leftSection={<IconHelpCircle size={16} />} onClick={ask}>
              {t('why.asking.menu')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={save}>
            {t('rules.menu.export')}
          </Menu.Item>
          {mayPublish && <Menu.Divider />}
          {mayPublish &&
            (rule.archived ? (
              <Menu.Item leftSection={<IconArchiveOff size={16} />} onClick={bringBack}>
                {t('rules.menu.restore')}
              </Menu.Item>
            ) : (
              <Menu.Item leftSection={<IconArchive size={16} />} onClick={question.open}>
                {t('rules.menu.archive')}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
      {renaming && <RenameDialog rule={rule} onClose={naming.close} />}
      <Confirm
        opened={asking}
        title={t('rules.archive.title', { name })}
        confirm={t('rules.archive.confirm')}
        danger
        busy={archive.isPending}
        onConfirm={put}
        onClose={question.close}
      >
        {t('rules.archive.body')}
      </Confirm>
    </>
  );
}
