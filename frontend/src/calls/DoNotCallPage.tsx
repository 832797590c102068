/** Phones that asked not to be called: who, why and since when; numbers are put on the list or taken off it. */
import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPhoneCall, IconPhoneOff, IconPlus } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useDoNotCall } from '../api/doNotCall';
import { useMay } from '../api/session';
import { More } from '../ui/More';
import { PageHeader } from '../ui/PageHeader';
import { SearchField } from '../ui/SearchField';
import { Empty, LoadError, LoadingRows, NoResult } from '../ui/States';
import { ForbidPhones } from './ForbidPhones';
import { PhoneTable } from './PhoneTable';

const route = getRouteApi('/shell/calls/do-not-call');

export default function DoNotCallPage() {
  const { t } = useTranslation();
  const { find = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const phones = useDoNotCall(find);
  const items = phones.data?.pages.flatMap((page) => page.items);
  const may = useMay('editor');
  const [adding, form] = useDisclosure(false);
  const show = (words: string): void =>
    void navigate({ search: words === '' ? {} : { find: words }, replace: true });
  const add = may && (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={form.open}>
      {t('calls.not.add')}
    </Button>
  );
  const empty = items?.length === 0 && find === '';

  function body() {
    if (items === undefined) {
      if (!phones.isError) return <LoadingRows />;
      return (
        <LoadError title={t('calls.not.error')} error={phones.error} onRetry={() => void phones.refetch()} />
      );
    }
    if (items.length > 0) {
      return (
        <>
          <PhoneTable phones={items} may={may} />
          <More of={phones} />
        </>
      );
    }
    if (find !== '') {
      return (
        <NoResult
          title={t('calls.not.noResult', { find })}
          clear={t('calls.clear')}
          onClear={() => show('')}
        />
      );
    }
    return (
      <Empty icon={<IconPhoneOff size={24} />} title={t('calls.not.empty')} actions={add}>
        {t('calls.not.emptyBody')}
      </Empty>
    );
  }

  return (
    <>
      <PageHeader
        title={t('calls.not.title')}
        subtitle={t('calls.not.subtitle')}
        actions={
          <>
            <Button
              component={Link}
              to="/calls"
              variant="default"
              leftSection={<IconPhoneCall size={17} aria-hidden />}
            >
              {t('calls.not.back')}
            </Button>
            {!empty && add}
          </>
        }
      />
      {!empty && (
        <Group mb="sm">
          <SearchField label={t('calls.not.find')} w={{ base: '100%', sm: 320 }} value={find} onFind={show} />
        </Group>
      )}
      {body()}
      {adding && <ForbidPhones onClose={form.close} />}
    </>
  );
}
