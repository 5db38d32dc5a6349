import { Button } from 'react-aria-components/Button';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from './icon.tsx';
import { connectToasts, type ToastMessage } from './toast.ts';

// long enough to read two lines twice; failures stay until they are closed
const shownMs = 8_000;

const icons: Record<NonNullable<ToastMessage['tone']>, IconName> = {
  good: 'check',
  bad: 'unknown',
  changing: 'half',
};

const queue = new ToastQueue<ToastMessage>({ maxVisibleToasts: 3 });
connectToasts((message) => {
  for (const { key, content } of queue.visibleToasts) {
    if (content.topic !== undefined && content.topic === message.topic) queue.close(key);
  }
  queue.add(message, message.tone === 'bad' ? {} : { timeout: shownMs });
});

/** At the left: the right edge holds the buttons of dialogs and of the rule form. Above the bars of an editor. */
export function Toaster() {
  const { t } = useTranslation();
  return (
    <ToastRegion
      queue={queue}
      aria-label={t('common.notices')}
      className="fixed bottom-4 left-4 z-60 flex w-[348px] max-w-[calc(100vw-32px)] flex-col-reverse gap-2 rounded-6 narrow:bottom-5 narrow:left-5 [body:has([data-bottom-bar])_&]:bottom-27"
    >
      {({ toast }) => (
        <Toast
          toast={toast}
          data-testid="toast"
          className="flex items-start gap-2.5 rounded-6 bg-anvil py-3 pr-2 pl-3.5 text-on-anvil shadow-2"
        >
          <Icon name={icons[toast.content.tone ?? 'good']} className="mt-0.5" />
          <ToastContent className="min-w-0 flex-1">
            <Text slot="title" className="block font-semibold">
              {toast.content.title}
            </Text>
            <Text slot="description" className="block text-12 text-on-anvil-2">
              {toast.content.detail}
              {toast.content.code && (
                <span translate="no" className="block font-mono text-12">
                  {toast.content.code}
                </span>
              )}
            </Text>
          </ToastContent>
          <Button
            slot="close"
            aria-label={t('common.close')}
            className="grid size-6 flex-none cursor-pointer place-items-center rounded-4 text-on-anvil-2 data-focus-visible:outline-anvil-link data-hovered:bg-anvil-2"
          >
            <Icon name="close" size={12} />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
}
