import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@fontsource-variable/inter/wght.css';
import './app/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { startWords } from './app/i18n';
import { nonce, shareNonce } from './app/nonce';
import { useDensity } from './app/preferences';
import { queries } from './app/queries';
import { router } from './app/router';
import { theme, variables } from './app/theme';

function App() {
  const density = useDensity();
  const look = useMemo(() => theme(density), [density]);
  return (
    <MantineProvider
      theme={look}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
    >
      <Notifications position="bottom-center" limit={3} containerWidth={420} />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** After an upgrade the parts of the older app are gone: a fresh page brings the new ones. */
window.addEventListener('vite:preloadError', (event) => {
  const last = Number(sessionStorage.getItem('entente.reloaded') ?? 0);
  if (Date.now() - last < 10_000) return;
  sessionStorage.setItem('entente.reloaded', String(Date.now()));
  event.preventDefault();
  location.reload();
});

shareNonce();
void startWords().then(() =>
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
