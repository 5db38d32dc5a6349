import type { Instance, RoutingState } from '@moru/types';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { Address } from '../ui/address.tsx';
import { Button } from '../ui/button.tsx';
import { Section } from '../ui/section.tsx';
import { deletedHere, forgetDeleted } from './deleted-here.ts';
import { useRoutesReview } from './gateways.tsx';

/** Undo: gateways that this browser tab deleted, to be put back with everything that they had. */
export function PutBack({ instance, state }: { instance: Instance; state: RoutingState }) {
  const { t } = useTranslation();
  const reason = useReason();
  const review = useRoutesReview(instance.id);
  const [, setForgotten] = useState(0);
  const there = new Set(state.routes.map(({ specification }) => specification));
  const gone = deletedHere(instance.id).filter(({ specification }) => !there.has(specification));
  if (gone.length === 0) return null;
  return (
    <Section title={t('routing.putBack')} testId="put-back">
      <p className="px-4 pt-3 text-fg-2">{t('routing.putBackText')}</p>
      <ul className="px-4 py-2">
        {gone.map((route) => (
          <li key={route.specification} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1">
            <b>{route.device}</b>
            <Address className="min-w-0 flex-1 whitespace-normal!">{route.specification}</Address>
            <Button
              size="sm"
              icon="undo"
              reason={reason('change.check', instance)}
              onPress={() => review([{ type: 'putBack', route, place: 'last' }])}
            >
              {t('routing.putBackAction')}
            </Button>
            <Button
              size="sm"
              look="quiet"
              icon="close"
              aria-label={t('routing.forget')}
              onPress={() => {
                forgetDeleted(instance.id, route.specification);
                setForgotten((turn) => turn + 1);
              }}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}
