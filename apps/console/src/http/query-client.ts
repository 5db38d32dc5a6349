import { QueryClient } from '@tanstack/react-query';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // a failed read is shown at once, with a button; lists also read again by themselves
      retry: false,
      staleTime: 2_000,
      // the browser's idea of being online says nothing about the way to the BFF
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});
