/**
 * Every state of the parts on one page, for people who change their looks and for the tests that look at them. Not in
 * the product: built from `states.html` alone, asks no server. `?lang=ko&scheme=dark`, `?dialog=remove|json|confirm`.
 */
import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '../ui/global.css';
import { type MantineColorScheme, type MantineColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from '../api/queryClient';
import { isLanguage, startI18n, withWords } from '../i18n';
import { cssVariables, theme } from '../ui/theme';
import { StatesPage } from './StatesPage';

/** One scheme from the first frame on: a forced one comes an effect too late, after a frame in the other colours. */
function always(scheme: MantineColorScheme): MantineColorSchemeManager {
  const nothing = (): void => undefined;
  return { get: () => scheme, set: nothing, subscribe: nothing, unsubscribe: nothing, clear: nothing };
}

async function start(root: HTMLElement): Promise<void> {
  const asked = new URLSearchParams(location.search);
  const language = asked.get('lang');
  if (import.meta.env.VITE_E2E_FONTS === '1') await import('../e2e-fonts');
  await startI18n(isLanguage(language) ? language : 'en');
  await withWords(
    Promise.resolve(),
    'approval',
    'backtest',
    'builder',
    'lamps',
    'problems',
    'steps',
    'versions',
    'ways',
  );
  const scheme: MantineColorScheme = asked.get('scheme') === 'dark' ? 'dark' : 'light';
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={always(scheme)}
        defaultColorScheme={scheme}
      >
        <QueryClientProvider client={createQueryClient()}>
          <StatesPage dialog={asked.get('dialog')} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root !== null) void start(root);
