import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './ui/global.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { whenSignedOut } from './api/client';
import { createQueryClient } from './api/queryClient';
import { sessionKey } from './api/session';
import { firstLanguage, startI18n } from './i18n';
import { createAppRouter } from './routes/router';
import { hearEnter } from './ui/takeHighlighted';
import { cssVariables, theme } from './ui/theme';

async function start(root: HTMLElement): Promise<void> {
  // Chromium on build machines has no Korean or Chinese fonts: only screenshots ask for these.
  if (import.meta.env.VITE_E2E_FONTS === '1') await import('./e2e-fonts');
  await startI18n(firstLanguage());
  const queries = createQueryClient();
  const router = createAppRouter(queries);
  whenSignedOut(() => {
    void queries.invalidateQueries({ queryKey: sessionKey }).then(() => router.invalidate());
  });
  hearEnter();
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-right" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root !== null) void start(root);
