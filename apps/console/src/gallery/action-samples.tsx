import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { CommandLine } from '../ui/command-line.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog, DialogBody } from '../ui/dialog.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { MenuButton } from '../ui/menu-button.tsx';
import { Popover } from '../ui/popover.tsx';
import { SaveButton } from '../ui/save-button.tsx';
import { Section } from '../ui/section.tsx';
import { showToast } from '../ui/toast.ts';

const looks = ['plain', 'primary', 'heat', 'bad', 'quiet'] as const;
const sizes = ['md', 'sm', 'xs'] as const;
const tones = ['good', 'changing', 'bad'] as const;
const address = '203.0.113.10';

/** Buttons in every look, size and state, and what they open. */
export function ActionSamples() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const chooser = useRef<HTMLButtonElement>(null);
  return (
    <Section title={t('menu.more')}>
      <div className="grid gap-3 p-4">
        {looks.map((look) => (
          <div key={look} className="flex flex-wrap items-center gap-2">
            {sizes.map((size) => (
              <Button key={size} look={look} size={size}>
                {t('menu.start')}
              </Button>
            ))}
            <Button look={look} icon="sync">
              {t('common.refresh')}
            </Button>
            <Button look={look} icon="more" aria-label={t('menu.more')} />
            <Button look={look} isPending>
              {t('menu.stop')}
            </Button>
            <Button look={look} isDisabled>
              {t('pager.next')}
            </Button>
            <Button look={look} reason={t('reason.adminOnly')} reasonAt="below-start">
              {t('menu.delete')}
            </Button>
          </div>
        ))}
        <div className="flex flex-wrap items-center gap-2">
          <MenuButton
            icon="more"
            label={t('menu.more')}
            groups={() => [
              {
                id: 'power',
                title: t('menu.power'),
                actions: [
                  {
                    id: 'start',
                    label: t('menu.start'),
                    icon: 'power',
                    reason: t('reason.notStopped'),
                    onAction: () => {},
                  },
                  { id: 'stop', label: t('menu.stop'), icon: 'ring', onAction: () => {} },
                  { id: 'delete', label: t('menu.delete'), icon: 'trash', danger: true, onAction: () => {} },
                ],
              },
            ]}
          />
          <Button onPress={() => setOpen(true)}>{t('disconnect.action')}</Button>
          <Button ref={chooser} icon="columns" onPress={() => setChoosing(true)}>
            {t('instances.columns')}
          </Button>
          {choosing && (
            <Popover
              label={t('instances.columns')}
              triggerRef={chooser}
              testId="gallery-popover"
              className="w-60"
              onClose={() => setChoosing(false)}
            >
              <p className="p-3">{t('instances.emptyText')}</p>
            </Popover>
          )}
          {tones.map((tone) => (
            <Button key={tone} onPress={() => showToast({ tone, title: t('connect.done'), code: address })}>
              {t('common.notices')} <span translate="no">{tone}</span>
            </Button>
          ))}
          <SaveButton path="/api/openapi.json" name="openapi.json">
            {t('instances.csv')}
          </SaveButton>
          <CopyButton text={address} label={t('publicIps.title')} />
        </div>
        <CommandLine command="sudo iptables -A INPUT -p tcp --dport 22 -j ACCEPT" />
      </div>
      {open && (
        <Dialog
          title={t('disconnect.title')}
          testId="gallery-dialog"
          onClose={() => setOpen(false)}
          note={t('connect.billing')}
          actions={
            <>
              <Button onPress={() => setOpen(false)}>{t('common.cancel')}</Button>
              <Button look="bad" onPress={() => setOpen(false)}>
                {t('disconnect.submit')}
              </Button>
            </>
          }
        >
          <DialogBody>
            <Facts>
              <Fact label={t('instances.title')}>
                <b translate="no">web-01</b>
              </Fact>
              <Fact label={t('instances.status')}>
                <span translate="no">Active</span>
              </Fact>
            </Facts>
            <p>{t('disconnect.kept')}</p>
          </DialogBody>
        </Dialog>
      )}
    </Section>
  );
}
