import type { Instance } from '@moru/types';
import { useTranslation } from 'react-i18next';
import { useReason } from '../instances/use-instance-actions.ts';
import { Button } from '../ui/button.tsx';
import { type GuideCase, guideCases } from './guide-cases.ts';

interface CaseButtonsProps {
  instance: Instance;
  onCase: (guideCase: GuideCase) => void;
}

/** The guide's five cases of 「Rule 생성」: each fills the form. */
export function CaseButtons({ instance, onCase }: CaseButtonsProps) {
  const { t } = useTranslation();
  const reason = useReason();
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label={t('cases.label')}>
      {guideCases.map((guideCase) => (
        <li key={guideCase.id}>
          <Button
            size="sm"
            reason={reason('firewall.change', instance)}
            reasonAt="below-start"
            data-testid={`case-${guideCase.id}`}
            onPress={() => onCase(guideCase)}
          >
            {t(`cases.case${guideCase.id}`)}
          </Button>
        </li>
      ))}
    </ul>
  );
}
