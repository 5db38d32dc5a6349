import { notifyManager, QueryClient } from '@tanstack/react-query';

// an answer is drawn in the turn in which it came; a timer, for which the library waits by itself, may come a frame later
notifyManager.setScheduler(queueMicrotask);

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
