/** Whether requests to the rule's address must be signed, how, and how many were refused. Kept beside the draft. */
import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  PasswordInput,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type HookSignature, useHook, useRemoveSignature, useSetSignature } from '../api/hooks';
import { useMay } from '../api/session';
import { useLocale } from '../ui/locale';
import { useProblemText } from '../ui/States';
import { clockTime } from '../ui/time';
import { toastError } from '../ui/toast';
import { useNow } from '../ui/useNow';
import { useBuilder } from './store';

const KINDS = ['none', 'standard', 'hex', 'base64'] as const;
type Kind = (typeof KINDS)[number];
const GITHUB = { header: 'X-Hub-Signature-256', prefix: 'sha256=' };

function kindOf(agreed: HookSignature | null): Kind {
  if (agreed === null) return 'none';
  return agreed.scheme === 'standard' ? 'standard' : agreed.encoding;
}

const isKind = (value: string | null): value is Kind => KINDS.some((kind) => kind === value);

export default function HookSignatureForm() {
  const { t } = useTranslation();
  const ruleId = useBuilder((state) => state.ruleId);
  const hook = useHook(ruleId).data;
  // Held here: what was made is still shown when the form begins anew with what was saved.
  const save = useSetSignature(ruleId);
  if (hook === undefined) return null;
  const agreed = hook.signature ?? null;
  // What somebody else saved meanwhile is shown anew.
  return (
    <Stack gap={8} data-signature={kindOf(agreed)}>
      <Agreement key={agreed?.changed_at ?? ''} ruleId={ruleId} agreed={agreed} save={save} />
      {agreed !== null && save.data?.secret && <Made secret={save.data.secret} />}
      {agreed !== null && agreed.refused > 0 && <Refused agreed={agreed} />}
      {agreed?.old_until && <OldSecret until={agreed.old_until} />}
      {agreed === null && (
        <Text size="xs" c="dimmed">
          {t('desk.signature.noneHelp')}
        </Text>
      )}
    </Stack>
  );
}

type AgreementProps = {
  readonly ruleId: number;
  readonly agreed: HookSignature | null;
  readonly save: ReturnType<typeof useSetSignature>;
};

function Agreement({ ruleId, agreed, save }: AgreementProps) {
  const { t } = useTranslation();
  const words = useProblemText();
  const may = useMay('publisher');
  const remove = useRemoveSignature(ruleId);
  const [kind, setKind] = useState<Kind>(kindOf(agreed));
  const [header, setHeader] = useState(agreed?.header || GITHUB.header);
  const [prefix, setPrefix] = useState(agreed?.scheme === 'hmac' ? agreed.prefix : GITHUB.prefix);
  const [secret, setSecret] = useState('');
  const onError = (error: unknown): void => toastError(words(error));
  const plain = kind === 'hex' || kind === 'base64';
  const put = (renew: boolean): void => {
    if (kind === 'none') {
      remove.mutate(undefined, { onError });
      return;
    }
    save.mutate(
      {
        scheme: plain ? 'hmac' : 'standard',
        header: plain ? header : '',
        encoding: kind === 'base64' ? 'base64' : 'hex',
        prefix: plain ? prefix : '',
        secret: secret === '' ? null : secret,
        renew,
      },
      { onError, onSuccess: () => setSecret('') },
    );
  };
  const busy = save.isPending || remove.isPending;
  return (
    <>
      <Select
        label={t('desk.signature.label')}
        data={KINDS.map((one) => ({ value: one, label: t(`desk.signature.kind.${one}`) }))}
        value={kind}
        disabled={!may}
        allowDeselect={false}
        onChange={(chosen) => isKind(chosen) && setKind(chosen)}
      />
      {plain && (
        <Group gap="xs" grow align="flex-start">
          <TextInput
            label={t('desk.signature.header')}
            disabled={!may}
            value={header}
            onChange={(event) => setHeader(event.currentTarget.value.trim())}
          />
          <TextInput
            label={t('desk.signature.prefix')}
            disabled={!may}
            value={prefix}
            onChange={(event) => setPrefix(event.currentTarget.value.trim())}
          />
        </Group>
      )}
      {kind !== 'none' && may && (
        <PasswordInput
          label={t('desk.signature.secret')}
          description={t(agreed === null ? 'desk.signature.secretNew' : 'desk.signature.secretKept')}
          autoComplete="new-password"
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value.trim())}
        />
      )}
      {may && !(kind === 'none' && agreed === null) && (
        <Group gap="xs">
          <Button
            size="compact-sm"
            loading={busy}
            disabled={plain && header === ''}
            onClick={() => put(false)}
          >
            {t(kind === 'none' ? 'desk.signature.drop' : 'desk.signature.save')}
          </Button>
          {agreed !== null && kind === kindOf(agreed) && kind !== 'none' && (
            <Button size="compact-sm" variant="default" disabled={busy} onClick={() => put(true)}>
              {t('desk.signature.renew')}
            </Button>
          )}
        </Group>
      )}
    </>
  );
}

/** A secret that was made here: shown this once. */
function Made({ secret }: { secret: string }) {
  const { t } = useTranslation();
  return (
    <Alert color="gray" title={t('desk.signature.made')} role="status">
      <Stack gap={6}>
        <Code block style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
          {secret}
        </Code>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" w="fit-content" onClick={copy}>
              {t(copied ? 'hook.copied' : 'hook.copy')}
            </Button>
          )}
        </CopyButton>
      </Stack>
    </Alert>
  );
}

function Refused({ agreed }: { agreed: HookSignature }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  const since = clockTime(new Date(agreed.refused_since ?? agreed.changed_at), now, locale);
  return (
    <Alert color="gray" data-refused>
      <Text size="sm">
        {t('desk.signature.refused', { count: agreed.refused, since })}{' '}
        {t(`desk.signature.why.${agreed.refused_why}`)}
      </Text>
    </Alert>
  );
}

function OldSecret({ until }: { until: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const now = useNow();
  return (
    <Text size="xs" c="dimmed">
      {t('desk.signature.old', { time: clockTime(new Date(until), now, locale) })}
    </Text>
  );
}
