// first: schemas look at zod's configuration when they are made
import './http/zod-setup.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { watchInput } from './http/last-input.ts';
import { queryClient } from './http/query-client.ts';
import { LanguageProvider } from './i18n/language-provider.tsx';
import { switchWords } from './i18n/setup.ts';
import { router } from './router.tsx';
import { language } from './shell/preferences.ts';
import './styles/index.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

watchInput(window);
await switchWords(language());
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <LanguageProvider>
        <RouterProvider router={router} />
      </LanguageProvider>
    </QueryClientProvider>
  </StrictMode>,
);
