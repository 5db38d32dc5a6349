import type { PublicIp } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BulkFrame } from '../instances/bulk/bulk-frame.tsx';
import { closedFor, splitBy } from '../instances/bulk/bulk-orders.ts';
import { HeldAddress } from '../instances/bulk/held-address.tsx';
import { SelectionBar } from '../instances/bulk/selection-bar.tsx';
import { useBulkOrder } from '../instances/bulk/use-bulk-order.ts';
import { Button } from '../ui/button.tsx';
import type { Selection } from '../ui/selection.ts';
import { isIdle } from './public-ip-queries.ts';
import { beginRelease } from './release-requests.ts';
import { useAddressReason } from './use-public-ip-actions.ts';

/** What can be done with all chosen addresses at once. */
export function ReleaseBar({ selection }: { selection: Selection<PublicIp> }) {
  const { t } = useTranslation();
  const reason = useReleaseReason();
  const [open, setOpen] = useState(false);
  return (
    <SelectionBar label={t('publicIp.chosen')} selection={selection}>
      <Button
        size="sm"
        icon="trash"
        reason={closedFor(splitBy(selection.chosen, reason), t('bulk.none'))}
        reasonAt="above-start"
        data-testid="bulk-release"
        onPress={() => setOpen(true)}
      >
        {t('bulk.order.release')}
      </Button>
      {open && (
        <ReleaseDialog chosen={selection.chosen} onSent={selection.clear} onClose={() => setOpen(false)} />
      )}
    </SelectionBar>
  );
}

function useReleaseReason(): (ip: PublicIp) => string | null {
  const reason = useAddressReason();
  return (ip) => reason(isIdle(ip) ? 'delete' : 'disconnect', ip);
}

const placeOf = ({ attachedTo }: PublicIp): string | null => attachedTo?.networkInterfaceId ?? null;

interface ReleaseDialogProps {
  chosen: readonly PublicIp[];
  onSent: () => void;
  onClose: () => void;
}

/** Gives addresses back, each where it was when this was opened: one that is elsewhere by now is left alone. */
function ReleaseDialog({ chosen, onSent, onClose }: ReleaseDialogProps) {
  const { t } = useTranslation();
  const reason = useReleaseReason();
  const [places] = useState(() => new Map(chosen.map((ip) => [ip.id, placeOf(ip)])));
  const { able, unable } = splitBy(chosen, (ip) =>
    places.get(ip.id) === placeOf(ip) ? reason(ip) : t('publicIp.moved'),
  );
  const connected = able.some((ip) => !isIdle(ip));
  const bulk = useBulkOrder({
    send: () => beginRelease(able.map((ip) => ({ id: ip.id, networkInterfaceId: placeOf(ip) }))),
    begun: (total) => t('bulk.begun.release', { total }),
    done: (total) => t('bulk.done.release', { total }),
    onTaken: () => {
      onSent();
      onClose();
    },
  });
  return (
    <BulkFrame
      title={t('publicIp.releaseTitle')}
      look="bad"
      losses={[
        ...(connected ? [t('bulk.releaseEffect'), t('bulk.releaseCut')] : [t('lifecycle.delete.released')]),
        t('publicIp.others'),
        t('publicIp.billing'),
      ]}
      able={able.map((ip) => ({
        id: ip.id,
        row: (
          <HeldAddress
            address={ip.address}
            instanceName={isIdle(ip) ? t('publicIps.idle') : (ip.attachedTo?.instanceName ?? null)}
          />
        ),
      }))}
      unable={unable.map(({ row: { id, address }, reason: why }) => ({ id, name: address, reason: why }))}
      typed={t('lifecycle.forEver')}
      submit={t('bulk.submit.release', { count: able.length })}
      pending={bulk.isPending}
      error={bulk.error}
      onSubmit={() => bulk.mutate()}
      onClose={onClose}
    />
  );
}
