/** What a mail says: as text, or as HTML with a text beside it, made from it or written apart. */
import { ActionIcon, Checkbox, Group, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { IconBold, IconH2, IconItalic, IconLink, IconList } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type JSONObject, objectAt, without } from '../model/json';
import { htmlOf, type Mark, marked, textOf } from '../model/mailHtml';
import { fromTemplate, toTemplate } from '../model/template';
import { changeNode, useBuilderStore } from './store';
import { type FieldsProps, TextField } from './TextField';

const TOOLS: readonly (readonly [Mark, typeof IconBold])[] = [
  ['bold', IconBold],
  ['italic', IconItalic],
  ['heading', IconH2],
  ['link', IconLink],
  ['list', IconList],
];

export function MailBody(props: FieldsProps) {
  const { t } = useTranslation();
  const store = useBuilderStore();
  const { node, fields, set } = props;
  const html = fields['html'] !== undefined;
  const form = useRef<HTMLDivElement>(null);
  const change = (edit: (before: JSONObject) => JSONObject): void =>
    changeNode(store, node.id, (old) => ({ ...old, fields: edit(objectAt(old, 'fields')) }));
  const choose = (kind: string): void => {
    if ((kind === 'html') === html) return;
    change((before) => {
      if (kind === 'html') {
        const text = toTemplate(before['body']);
        const { body, ...rest } = before;
        const kept = text === null && body !== undefined ? { body } : {};
        return { ...rest, ...kept, html: text === null ? '' : fromTemplate(htmlOf(text)) };
      }
      const text = toTemplate(before['html']);
      const own = before['body'];
      return { ...without(before, 'html'), body: own ?? (text === null ? '' : fromTemplate(textOf(text))) };
    });
  };
  const mark = (kind: Mark): void => {
    const box = form.current?.querySelector('textarea');
    const text = toTemplate(fields['html']);
    if (!box || text === null) return;
    const next = marked(text, box.selectionStart, box.selectionEnd, kind);
    set('html', fromTemplate(next.text));
    requestAnimationFrame(() => {
      box.focus();
      box.setSelectionRange(next.from, next.to);
    });
  };
  return (
    <div>
      <SegmentedControl
        fullWidth
        mb="xs"
        aria-label={t('mailing.form')}
        data={['text', 'html'].map((one) => ({ value: one, label: t(`mailing.kind.${one}`) }))}
        value={html ? 'html' : 'text'}
        onChange={choose}
      />
      {!html && (
        <TextField
          {...props}
          field="body"
          lines={5}
          description={t('builder.form.typeBraces', { open: '{{' })}
        />
      )}
      {html && (
        <div ref={form}>
          <Group gap={4} mb={4} role="toolbar" aria-label={t('mailing.tools')}>
            {TOOLS.map(([kind, Icon]) => (
              <Tooltip key={kind} label={t(`mailing.mark.${kind}`)}>
                <ActionIcon
                  size={30}
                  aria-label={t(`mailing.mark.${kind}`)}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => mark(kind)}
                >
                  <Icon size={17} />
                </ActionIcon>
              </Tooltip>
            ))}
          </Group>
          <TextField {...props} field="html" lines={8} description={t('mailing.hint', { open: '{{' })} />
        </div>
      )}
      {html && (
        <>
          <Checkbox
            size="sm"
            mt="sm"
            mb={fields['body'] === undefined ? 0 : 'xs'}
            label={t('mailing.ownText')}
            description={t('mailing.ownTextHint')}
            checked={fields['body'] !== undefined}
            onChange={(event) => {
              const own = event.currentTarget.checked;
              change((before) => (own ? { ...before, body: '' } : without(before, 'body')));
            }}
          />
          {fields['body'] !== undefined && (
            <TextField {...props} field="body" lines={4} label={t('mailing.text')} />
          )}
        </>
      )}
      {!html && (
        <Text size="xs" c="dimmed" mt={4}>
          {t('mailing.textHint')}
        </Text>
      )}
    </div>
  );
}
